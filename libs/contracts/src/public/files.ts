import { z } from 'zod';
import { id, queryNumber, text, timestamp } from './common.js';
import { operation } from './operation.js';

export const file = z
  .object({
    fileId: z.string(),
    ownerId: z.string(),
    name: z.string(),
    /** Bytes. */
    size: z.number().int(),
    /** While pending what was announced; once ready what the content is, `application/octet-stream` where nobody vouches for it. */
    contentType: z.string(),
    /** Lower-case hex; absent while it is not known. */
    sha256: z.string().optional(),
    state: z.enum(['pending', 'ready', 'refused']),
    createdAt: timestamp,
    /** Pixels, of images, turned the way they are shown. */
    width: z.number().int().optional(),
    height: z.number().int().optional(),
    /** What to show while an image loads (https://blurha.sh). There from the completion on, where decoding does not take long. */
    blurhash: z.string().optional(),
  })
  .meta({ id: 'File' });

/** Send the bytes with exactly this method, to this URL, with these headers, before it expires. It works once. */
export const uploadTicket = z
  .object({
    method: z.literal('PUT'),
    url: z.string(),
    headers: z.record(z.string(), z.string()),
    expiresAt: timestamp,
  })
  .meta({ id: 'UploadTicket' });

const partTicket = uploadTicket
  .extend({
    number: z.number().int(),
    /** Bytes, exactly. */
    size: z.number().int(),
  })
  .meta({ id: 'PartTicket' });

/** Of a file in parts: send each of `parts` to its URL, in any order and several at once. Part n begins at byte (n - 1) * partSize. */
export const multipartTicket = z
  .object({
    /** Bytes of each part but the last. */
    partSize: z.number().int(),
    /** What is still to be sent. A part may be sent again until the file is completed. */
    parts: z.array(partTicket),
    /** Numbers of the parts that are there. */
    uploaded: z.array(z.number().int()),
  })
  .meta({ id: 'MultipartTicket' });

const tag = 'files';
const access = 'user';
const byId = z.strictObject({ fileId: id });
const MAX_NAME = 255;
const MAX_SIZE = 1024 ** 4;
const download = z.object({ url: z.string(), expiresAt: timestamp });

export const files = {
  create: operation({
    id: 'createFile',
    method: 'POST',
    path: '/files',
    tag,
    access,
    status: 201,
    idempotent: true,
    summary:
      'Announces a file: answers where its bytes go, `upload` for one piece, `multipart` for a large one. Then upload, then complete. To go on after a break or an expiry repeat it with the same Idempotency-Key: the answer has new URLs for what is missing',
    body: z.strictObject({
      name: text(MAX_NAME, 1),
      /** Bytes, exactly. */
      size: z.number().int().min(1).max(MAX_SIZE),
      contentType: text(200, 1),
      sha256: z
        .string()
        .regex(/^[0-9a-fA-F]{64}$/, 'must be 64 hexadecimal digits')
        .optional(),
      /** What it is for; you have to be a member. */
      conversationId: id.optional(),
    }),
    /** One of the two tickets, by the size of the file. */
    response: z.object({ file, upload: uploadTicket.optional(), multipart: multipartTicket.optional() }),
    errors: ['file.too_large', 'file.quota_exceeded', 'file.idempotency_conflict', 'conversation.not_found'],
  }),
  complete: operation({
    id: 'completeFile',
    method: 'POST',
    path: '/files/{fileId}/complete',
    tag,
    access,
    summary:
      'Joins the parts and has the upload checked: size, hash, type by content, pixels. A repeat answers as the first did',
    params: byId,
    response: file,
    errors: [
      'file.not_found',
      'file.not_uploaded',
      'file.size_mismatch',
      'file.hash_mismatch',
      'file.type_mismatch',
      'file.image_too_large',
    ],
  }),
  get: operation({
    id: 'getFile',
    method: 'GET',
    path: '/files/{fileId}',
    tag,
    access,
    summary: 'What is known about a file of mine, or one that was sent where I can see it',
    params: byId,
    response: file,
    errors: ['file.not_found'],
  }),
  download: operation({
    id: 'downloadFile',
    method: 'GET',
    path: '/files/{fileId}/download',
    tag,
    access,
    summary:
      'Redirects (302) to a short-lived URL that answers as an attachment; with `as=json` answers that URL as data',
    params: byId,
    query: z.strictObject({ as: z.literal('json').optional() }),
    response: download,
    errors: ['file.not_found', 'file.not_ready'],
  }),
  thumbnail: operation({
    id: 'getThumbnail',
    method: 'GET',
    path: '/files/{fileId}/thumbnail',
    tag,
    access,
    summary:
      'Redirects (302) to a short-lived URL of a webp of the image, turned the way it is shown and without metadata; with `as=json` answers that URL as data. Of moving images the first frame',
    params: byId,
    query: z.strictObject({
      /** Pixels of the longest edge: 64, 160, 320, 640 or 1280; others count as the next larger one. It is never larger than the image. */
      size: queryNumber(1, 1280).default(320),
      as: z.literal('json').optional(),
    }),
    response: download,
    errors: ['file.not_found', 'file.not_ready', 'file.no_thumbnail', 'server.busy'],
  }),
  remove: operation({
    id: 'deleteFile',
    method: 'DELETE',
    path: '/files/{fileId}',
    tag,
    access,
    summary: 'Deletes a file of mine for everybody; messages that name it stay',
    params: byId,
    errors: ['file.not_found'],
  }),
};
