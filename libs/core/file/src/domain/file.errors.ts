import { type DomainError, errorOf } from '@parley/kernel';
import type { Refusal } from './file.js';

export const fileNotFound = errorOf('file.not_found', 'not_found', 'There is no such file, or you may not see it.');
export const fileNotReady = errorOf('file.not_ready', 'precondition', 'The upload of the file is not complete.');
export const fileNotUploaded = errorOf(
  'file.not_uploaded',
  'precondition',
  'The bytes are not there yet: send them to the URLs of the ticket first.',
);
export const noThumbnail = errorOf('file.no_thumbnail', 'precondition', 'No thumbnail can be made of this file.');
export const notAnImage = errorOf('file.not_an_image', 'invalid', 'An avatar has to be an image.');
export const uploadLost = errorOf(
  'server.unavailable',
  'unavailable',
  'The upload ended while it was asked for: announce the file again.',
);
export const fileTooLarge = errorOf('file.too_large', 'too_large', 'The file is larger than files may be.');
export const quotaExceeded = errorOf('file.quota_exceeded', 'precondition', 'Your files take all the space you have.');
export const idempotencyConflict = errorOf(
  'file.idempotency_conflict',
  'conflict',
  'This Idempotency-Key was used for another file.',
);
/** The same answers that a send or a look at the conversation would get. */
export const conversationNotFound = errorOf(
  'conversation.not_found',
  'not_found',
  'There is no such conversation, or you may not see it.',
);
export const notAMember = errorOf('message.not_a_member', 'forbidden', 'You are not a member of this conversation.');

const REFUSALS: Record<Refusal, (details?: { message?: string }) => DomainError> = {
  size_mismatch: errorOf('file.size_mismatch', 'invalid', 'The upload has another size than was announced.'),
  hash_mismatch: errorOf('file.hash_mismatch', 'invalid', 'The upload has another SHA-256 than was announced.'),
  type_mismatch: errorOf('file.type_mismatch', 'invalid', 'The content is not of the announced type.'),
  image_too_large: errorOf('file.image_too_large', 'too_large', 'The image has more pixels than images may have.'),
};

export const refused = (reason: Refusal): DomainError => REFUSALS[reason]();
