import type { AnswerOf, FileInfo } from '../api.js';
import type { ErrorMaker } from '../errors.js';
import type { Rest } from '../ports.js';
import type { UploadProgress } from '../types.js';
import { type PutParts, putWith, type Ticket } from './put.js';

export interface BytesParts extends PutParts {
  rest: Rest;
  errors: ErrorMaker;
  /** URLs of the store may be relative to the server. */
  base: string;
}

export interface Way {
  signal: AbortSignal;
  /** `sent` are bytes that are there, or on the way. */
  show(change: Partial<UploadProgress>): void;
  /** A part has arrived. */
  arrived(): void;
}

/** The store takes neither this ticket nor will it later: it expired, say. The next announcement brings another. */
export class Refused extends Error {}

const PARTS_AT_ONCE = 3;

/** Sends what the store lacks of an announced file, and has it looked at. */
export async function sendFile(
  parts: BytesParts,
  file: Blob,
  announced: AnswerOf<'POST /files'>,
  way: Way,
): Promise<FileInfo> {
  if (announced.file.state !== 'ready') await sendBytes(parts, file, announced, way);
  way.show({ sent: file.size, state: 'checking' });
  const { fileId } = announced.file;
  return parts.rest.call('POST /files/{fileId}/complete', { params: { fileId }, signal: way.signal });
}

/** What is missing of it goes to the store: whole, or in parts, several at once. */
async function sendBytes(
  parts: BytesParts,
  file: Blob,
  { upload, multipart }: AnswerOf<'POST /files'>,
  way: Way,
): Promise<void> {
  if (upload !== undefined) return put(parts, upload, file, way.signal, (sent) => way.show({ sent }));
  if (multipart === undefined) return;
  const { parts: missing, partSize } = multipart;
  let there = file.size - missing.reduce((sum, { size }) => sum + size, 0);
  const onTheWay = new Map<number, number>();
  const show = () => way.show({ sent: [...onTheWay.values()].reduce((sum, sent) => sum + sent, there) });
  show();
  const waiting = [...missing];
  const failed = new AbortController();
  const either = AbortSignal.any([way.signal, failed.signal]);
  const worker = async () => {
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
      const { number, size } = part;
      const start = (number - 1) * partSize;
      await put(parts, part, file.slice(start, start + size), either, (sent) => {
        onTheWay.set(number, sent);
        show();
      });
      onTheWay.delete(number);
      there += size;
      way.arrived();
    }
  };
  const workers = Array.from({ length: PARTS_AT_ONCE }, () =>
    worker().catch((error: unknown) => {
      failed.abort();
      throw error;
    }),
  );
  await Promise.all(workers).finally(() => Promise.allSettled(workers));
}

async function put(
  parts: BytesParts,
  ticket: Ticket,
  bytes: Blob,
  signal: AbortSignal,
  progress: (sent: number) => void,
): Promise<void> {
  const url = new URL(ticket.url, parts.base).href;
  const status = await putWith(parts)({ ...ticket, url }, bytes, signal, progress);
  // 409: this ticket was used, so the bytes are there. Completing finds out.
  if (status < 300 || status === 409) return;
  if (status >= 500 || status === 408 || status === 429) throw parts.errors('client.offline', { status });
  throw new Refused();
}
