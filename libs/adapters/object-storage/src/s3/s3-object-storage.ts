import { DomainError } from '@parley/kernel';
import { attachment, safeType } from '../download-headers.js';
import type { GetGrant, PartGrant, PutGrant, StoredPart } from '../grants.js';
import { prepareBucket } from './s3-bucket.js';
import { S3Client } from './s3-client.js';
import { isAbsent, isTaken, reasonOf, unavailable } from './s3-errors.js';
import type { S3ObjectStorageOptions } from './s3-options.js';
import { S3Presigner } from './s3-presigner.js';

const DEADLINE_MS = 3000;
/** Some stores copy the parts together while the caller waits. */
const JOIN_DEADLINE_MS = 60_000;
/** Longer than any upload ticket lives. */
const CLOSED_MS = 48 * 3_600_000;
/** A store that is down fails every call: one line for it in this time is enough. */
const QUIET_MS = 5000;

/**
 * Objects in MinIO or any S3. Clients reach them by presigned requests only, through an edge that lets nothing else pass
 * (deploy/object-edge). Keeps nothing in memory: any number of processes may share a bucket.
 *
 * An empty object is a closed key: it stands where an object was deleted that an upload ticket may still be out for, so that the ticket
 * finds its place taken. No file is empty.
 */
export class S3ObjectStorage {
  private readonly client: S3Client;
  private readonly joiner: S3Client;
  private readonly presigner: S3Presigner;
  private readonly bucket: string;
  private readonly told = new Map<string, number>();

  private constructor(private readonly options: S3ObjectStorageOptions) {
    this.client = new S3Client(options, DEADLINE_MS);
    this.joiner = new S3Client(options, JOIN_DEADLINE_MS);
    this.presigner = new S3Presigner(options.publicUrl, options, options.clock);
    this.bucket = options.bucket;
  }

  /** When this resolves the bucket is there and the store was seen to enforce what uploads rest on. */
  static async open(options: S3ObjectStorageOptions): Promise<S3ObjectStorage> {
    const storage = new S3ObjectStorage(options);
    try {
      await prepareBucket(storage.client, options);
      return storage;
    } catch (error) {
      storage.close();
      throw error;
    }
  }

  async presignPut({ key, size, contentType, sha256, expiresAt }: PutGrant) {
    const sent = {
      'content-type': contentType,
      'if-none-match': '*',
      ...(sha256 === '' ? {} : { 'x-amz-checksum-sha256': Buffer.from(sha256, 'hex').toString('base64') }),
    };
    const headers = { ...sent, 'content-length': String(size) };
    const url = this.presigner.url({ method: 'PUT', key, headers, expiresAt });
    return {
      method: 'PUT' as const,
      url,
      headers: Object.entries(sent).map(([name, value]) => ({ name, value })),
      expiresAt,
    };
  }

  async presignGet({ key, fileName, contentType, expiresAt }: GetGrant): Promise<string> {
    const query = {
      'response-content-disposition': attachment(fileName),
      'response-content-type': safeType(contentType),
      'response-cache-control': 'private, no-store',
    };
    return this.presigner.url({ method: 'GET', key, query, expiresAt });
  }

  async stat(key: string): Promise<{ size: number } | undefined> {
    const found = await this.find(key);
    return found === undefined || found.size === 0 ? undefined : { size: found.size };
  }

  async *read(key: string, length?: number): AsyncIterable<Uint8Array> {
    let seen = 0;
    try {
      const body = await this.client.getPartialObject(this.bucket, key, 0, length ?? 0);
      for await (const piece of body as AsyncIterable<Buffer>) {
        seen += piece.length;
        yield piece;
      }
    } catch (error) {
      throw this.failed('read', error);
    }
    if (seen === 0) throw new DomainError('server.internal', 'internal', { message: 'There is no such object.' });
  }

  async write(key: string, bytes: Uint8Array, contentType: string): Promise<boolean> {
    const headers = { 'content-type': contentType, 'if-none-match': '*' };
    return this.call('write', async () => {
      try {
        await this.client.putObject(this.bucket, key, Buffer.from(bytes), bytes.length, headers);
        return true;
      } catch (error) {
        if (isTaken(error)) return false;
        throw error;
      }
    });
  }

  async delete(key: string): Promise<void> {
    const found = await this.find(key);
    if (found?.size === 0) return;
    const isOld = found !== undefined && found.at < this.options.clock.now() - CLOSED_MS;
    await this.call('delete', async () => {
      if (isOld) await this.client.removeObject(this.bucket, key);
      else await this.client.putObject(this.bucket, key, '', 0, { 'content-type': 'application/octet-stream' });
    });
  }

  openParts({ key, contentType }: { key: string; contentType: string }): Promise<string> {
    const headers = { 'content-type': contentType };
    return this.call('open', () => this.client.initiateNewMultipartUpload(this.bucket, key, headers));
  }

  async presignPart({ key, uploadId, number, size, expiresAt }: PartGrant) {
    const query = { partNumber: String(number), uploadId };
    const headers = { 'content-length': String(size) };
    const url = this.presigner.url({ method: 'PUT', key, query, headers, expiresAt });
    return { method: 'PUT' as const, url, headers: [], expiresAt };
  }

  async storedParts(key: string, uploadId: string): Promise<StoredPart[] | undefined> {
    const parts = await this.list(key, uploadId);
    return parts?.map(({ part, size }) => ({ number: part, size }));
  }

  async joinParts(key: string, uploadId: string, parts: readonly StoredPart[]): Promise<number[] | false> {
    const listed = await this.list(key, uploadId);
    if (listed === undefined) return this.joinedBefore(key);
    const sizes = new Map(listed.map(({ part, size }) => [part, size]));
    const missing = parts.filter(({ number, size }) => sizes.get(number) !== size);
    if (missing.length > 0) return missing.map((part) => part.number);
    // The ETags are the store's own word for what it has: clients need not send theirs.
    const etags = listed.filter(({ part }) => part <= parts.length).map(({ part, etag }) => ({ part, etag }));
    const joined = await this.call('join', () =>
      orAbsent(this.joiner.completeMultipartUpload(this.bucket, key, uploadId, etags)),
    );
    return joined === undefined ? this.joinedBefore(key) : [];
  }

  async dropParts(key: string, uploadId: string): Promise<void> {
    await this.call('drop', () => orAbsent(this.client.abortMultipartUpload(this.bucket, key, uploadId)));
  }

  /** For readiness. */
  async check(): Promise<void> {
    if (!(await this.client.bucketExists(this.bucket))) throw new Error(`bucket ${this.bucket} is gone`);
  }

  close(): void {
    this.client.close();
    this.joiner.close();
  }

  /** Also of closed keys. */
  private find(key: string): Promise<{ size: number; at: number } | undefined> {
    return this.call('stat', async () => {
      const found = await orAbsent(this.client.statObject(this.bucket, key));
      return found && { size: found.size, at: found.lastModified.getTime() };
    });
  }

  private list(key: string, uploadId: string) {
    return this.call('list', () => orAbsent(this.client.parts(this.bucket, key, uploadId)));
  }

  private async joinedBefore(key: string): Promise<[] | false> {
    return (await this.stat(key)) === undefined ? false : [];
  }

  /** Everything here may be done twice, so a connection that broke while it was idle costs no one an error. */
  private async call<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work().catch((error: unknown) => {
        if ((error as { code?: unknown } | null)?.code !== 'ECONNRESET') throw error;
        return work();
      });
    } catch (error) {
      throw this.failed(what, error);
    }
  }

  private failed(what: string, error: unknown): DomainError {
    if (isAbsent(error)) return new DomainError('server.internal', 'internal', { message: 'There is no such object.' });
    const now = performance.now();
    if (now - (this.told.get(what) ?? -QUIET_MS) >= QUIET_MS) {
      this.told.set(what, now);
      this.options.onTrouble(`object storage, ${what}: ${reasonOf(error)}`);
    }
    return unavailable();
  }
}

async function orAbsent<T>(asking: Promise<T>): Promise<T | undefined> {
  try {
    return await asking;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}
