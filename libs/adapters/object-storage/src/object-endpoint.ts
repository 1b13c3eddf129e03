import { type Clock, DomainError } from '@parley/kernel';
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { byteRange } from './byte-range.js';
import { attachment, safeType } from './download-headers.js';
import type { ObjectFolder } from './object-folder.js';
import type { Action, SignedTarget, UrlSigner } from './url-signer.js';

export interface EndpointAnswer {
  status: number;
  headers: Record<string, string>;
  body?: Readable;
}

type Headers = Record<string, string | string[] | undefined>;
type Params = Record<string, string>;

/** An upload that stands still this long is given up. */
const IDLE_MS = 60_000;
/** Of a refused upload this much is still taken, so that the client gets to read why. */
const DRAINED_BYTES = 1024 * 1024;

/** Answers signed URLs, whatever the HTTP framework is. Throws `DomainError`: file.link_invalid, file.not_found, file.already_uploaded … */
export class ObjectEndpoint {
  constructor(
    private readonly folder: ObjectFolder,
    private readonly signer: UrlSigner,
    private readonly clock: Clock,
  ) {}

  /** One upload, of an object or of a part. @param target path and query as they came. Never more than one piece of the body is held in memory. */
  async put(target: string, headers: Headers, body: Readable): Promise<EndpointAnswer> {
    try {
      const { action, key, params } = this.verified(target, 'put', 'part');
      const size = Number(params['size']);
      const length = headers['content-length'];
      if (length !== undefined && Number(length) !== size) throw sizeMismatch();
      const bytes = exactly(size, params['sha256'], body);
      const isStored =
        action === 'part' ? await this.part(params, bytes) : await this.whole(key, params, headers, bytes);
      if (!isStored) throw taken();
      return { status: 200, headers: {} };
    } catch (error) {
      await drain(body);
      throw error;
    }
  }

  /** A download, or its headers only (`HEAD`): the caller leaves the body out. */
  async get(target: string, headers: Headers): Promise<EndpointAnswer> {
    const { key, params } = this.verified(target, 'get');
    const handle = await open(this.folder.pathOf(key)).catch((error: { code?: string }) => {
      throw error.code === 'ENOENT' ? new DomainError('file.not_found', 'not_found') : error;
    });
    const { size } = await handle.stat();
    const common = {
      'content-type': safeType(params['type'] ?? ''),
      'content-disposition': attachment(params['name'] ?? 'file'),
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, no-store',
      'accept-ranges': 'bytes',
    };
    const range = byteRange(one(headers['range']), size);
    if (range === 'unsatisfiable') {
      await handle.close();
      return { status: 416, headers: { ...common, 'content-range': `bytes */${size}`, 'content-length': '0' } };
    }
    const { start, end } = range ?? { start: 0, end: size - 1 };
    return {
      status: range === undefined ? 200 : 206,
      headers: {
        ...common,
        'content-length': String(end - start + 1),
        ...(range === undefined ? {} : { 'content-range': `bytes ${start}-${end}/${size}` }),
      },
      body: handle.createReadStream({ start, end }),
    };
  }

  private async whole(key: string, params: Params, headers: Headers, bytes: AsyncIterable<Uint8Array>) {
    if (headers['content-type'] !== params['type']) throw typeMismatch();
    return !(await this.folder.isTaken(key)) && this.folder.store(key, bytes);
  }

  private async part({ upload = '', n }: Params, bytes: AsyncIterable<Uint8Array>) {
    return (await this.folder.parts.isOpen(upload)) && this.folder.parts.store(upload, Number(n), bytes);
  }

  private verified(target: string, ...actions: Action[]): SignedTarget {
    const [verified] = actions.flatMap((action) => this.signer.verify(target, action, this.clock.now()) ?? []);
    if (verified === undefined) throw new DomainError('file.link_invalid', 'forbidden');
    return verified;
  }
}

/** Passes on what comes, as long as it is what was announced. Ends only when it was all of it. @param sha256 hex, where one was signed */
async function* exactly(size: number, sha256: string | undefined, body: Readable): AsyncIterable<Uint8Array> {
  const hash = sha256 === undefined ? undefined : createHash('sha256');
  const idle = setTimeout(() => body.destroy(new DomainError('server.unavailable', 'unavailable')), IDLE_MS);
  idle.unref();
  let seen = 0;
  try {
    // Leaving the loop early must not end the connection: the refusal still has to be written to it.
    for await (const piece of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      seen += piece.length;
      if (seen > size) throw sizeMismatch();
      idle.refresh();
      hash?.update(piece);
      yield piece;
    }
  } catch (error) {
    throw (error as { code?: unknown }).code === 'ECONNRESET' ? brokenOff() : error;
  } finally {
    clearTimeout(idle);
  }
  if (seen !== size) throw sizeMismatch();
  if (hash !== undefined && hash.digest('hex') !== sha256) throw hashMismatch();
}

async function drain(body: Readable): Promise<void> {
  if (body.destroyed || body.readableEnded) return;
  const idle = setTimeout(() => body.destroy(), IDLE_MS);
  idle.unref();
  let seen = 0;
  try {
    for await (const piece of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      seen += piece.length;
      if (seen > DRAINED_BYTES) return;
    }
  } catch {
    // The client went away: there is nobody left to tell.
  } finally {
    clearTimeout(idle);
  }
}

const one = (header: string | string[] | undefined) => (Array.isArray(header) ? header[0] : header);
const sizeMismatch = () =>
  new DomainError('file.size_mismatch', 'invalid', { message: 'The upload has another size than its ticket.' });
const hashMismatch = () =>
  new DomainError('file.hash_mismatch', 'invalid', { message: 'The upload has another SHA-256 than its ticket.' });
const typeMismatch = () =>
  new DomainError('file.type_mismatch', 'invalid', { message: 'The upload has another Content-Type than its ticket.' });
const brokenOff = () => new DomainError('request.invalid', 'invalid', { message: 'The upload was broken off.' });
const taken = () => new DomainError('file.already_uploaded', 'conflict');
