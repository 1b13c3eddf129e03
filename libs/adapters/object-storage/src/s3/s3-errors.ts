import { DomainError } from '@parley/kernel';
import { S3Error } from 'minio';

/** What S3 says went wrong. Undefined: it did not come to an answer. */
export function codeOf(error: unknown): string | undefined {
  // Of an error that comes after a status of 200, minio throws the parsed XML.
  const { code, Code } = (error ?? {}) as { code?: unknown; Code?: unknown };
  if (error instanceof S3Error) return String(code);
  return typeof Code === 'string' ? Code : undefined;
}

export const isAbsent = (error: unknown): boolean =>
  ['NoSuchKey', 'NotFound', 'NoSuchUpload'].includes(codeOf(error) ?? '');

/** What `If-None-Match: *` finds where there is an object. The second is the word for several writers at once. */
export const isTaken = (error: unknown): boolean =>
  ['PreconditionFailed', 'ConditionalRequestConflict'].includes(codeOf(error) ?? '');

const HOPELESS = new Set([
  'AccessDenied',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'AuthorizationHeaderMalformed',
  'InvalidBucketName',
  'InvalidBucketNameError',
  'BucketAlreadyExists',
]);

/** The settings are wrong: waiting will not mend it. */
export const isHopeless = (error: unknown): boolean => HOPELESS.has(codeOf(error) ?? '');

export function reasonOf(error: unknown): string {
  const { message, code } = (error ?? {}) as { message?: unknown; code?: unknown };
  const text = typeof message === 'string' && message !== '' ? message : String(code ?? 'unknown');
  const known = codeOf(error);
  return known === undefined || text.includes(known) ? text : `${known}: ${text}`;
}

/** Whatever it is, callers can but try again; why, is for the log. */
export const unavailable = (): DomainError =>
  new DomainError('server.unavailable', 'unavailable', { message: 'The store of files does not answer now.' });
