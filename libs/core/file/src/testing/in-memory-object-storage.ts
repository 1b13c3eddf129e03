import { createHash } from 'node:crypto';
import { type Clock, DomainError } from '@parley/kernel';
import {
  type GetGrant,
  ObjectStorage,
  type PartGrant,
  type PutGrant,
  type SignedRequest,
  type StoredPart,
} from '../ports/object-storage.js';

interface OpenUpload {
  key: string;
  parts: Map<number, Uint8Array>;
}

/** Signed URLs are notes in a book; `put` and `get` are what a client does with them. */
export class InMemoryObjectStorage extends ObjectStorage {
  private readonly objects = new Map<string, Uint8Array>();
  private readonly gone = new Set<string>();
  private readonly puts = new Map<string, PutGrant | PartGrant>();
  private readonly gets = new Map<string, GetGrant>();
  private readonly uploads = new Map<string, OpenUpload>();
  private count = 0;
  /** Everything that asks the store fails, as when it does not answer. Signing needs no answer. */
  isDown = false;
  /** Keys that cannot be deleted now. */
  readonly held = new Set<string>();

  constructor(private readonly clock: Clock) {
    super();
  }

  async presignPut(grant: PutGrant): Promise<SignedRequest> {
    return this.noted(grant, [{ name: 'content-type', value: grant.contentType }]);
  }

  async presignGet(grant: GetGrant): Promise<string> {
    const url = `memory:get/${(this.count += 1)}`;
    this.gets.set(url, grant);
    return url;
  }

  async stat(key: string): Promise<{ size: number } | undefined> {
    this.answer();
    const object = this.objects.get(key);
    return object === undefined ? undefined : { size: object.length };
  }

  async *read(key: string, length?: number): AsyncIterable<Uint8Array> {
    this.answer();
    const object = this.objects.get(key)?.subarray(0, length);
    if (object === undefined) throw new DomainError('server.internal', 'internal');
    const piece = Math.max(1, Math.ceil(object.length / 3));
    for (let at = 0; at < object.length; at += piece) yield object.subarray(at, at + piece);
  }

  async write(key: string, bytes: Uint8Array): Promise<boolean> {
    this.answer();
    if (this.objects.has(key) || this.gone.has(key)) return false;
    this.objects.set(key, bytes);
    return true;
  }

  async delete(key: string): Promise<void> {
    this.answer();
    if (this.held.has(key)) throw new DomainError('server.unavailable', 'unavailable');
    this.objects.delete(key);
    this.gone.add(key);
  }

  async openParts({ key }: { key: string }): Promise<string> {
    this.answer();
    const uploadId = `upload-${(this.count += 1)}`;
    this.uploads.set(uploadId, { key, parts: new Map() });
    return uploadId;
  }

  async presignPart(grant: PartGrant): Promise<SignedRequest> {
    return this.noted(grant, []);
  }

  async storedParts(key: string, uploadId: string): Promise<StoredPart[] | undefined> {
    this.answer();
    const upload = this.open(key, uploadId);
    const parts = upload && [...upload.parts].map(([number, { length: size }]) => ({ number, size }));
    return parts?.sort((a, b) => a.number - b.number);
  }

  async joinParts(key: string, uploadId: string, parts: readonly StoredPart[]): Promise<number[] | false> {
    this.answer();
    const upload = this.open(key, uploadId);
    if (upload === undefined) return this.objects.has(key) ? [] : false;
    const missing = parts.filter(({ number, size }) => upload.parts.get(number)?.length !== size);
    if (missing.length > 0) return missing.map((part) => part.number);
    const whole = new Uint8Array(parts.reduce((sum, { size }) => sum + size, 0));
    let at = 0;
    for (const { number, size } of parts) {
      whole.set(upload.parts.get(number) ?? [], at);
      at += size;
    }
    this.objects.set(key, whole);
    this.uploads.delete(uploadId);
    return [];
  }

  async dropParts(_key: string, uploadId: string): Promise<void> {
    this.answer();
    this.uploads.delete(uploadId);
  }

  /** Answers the HTTP status. */
  put(request: SignedRequest, bytes: Uint8Array): number {
    const grant = this.puts.get(request.url);
    if (grant === undefined || grant.expiresAt <= this.clock.now()) return 403;
    if (bytes.length !== grant.size) return 400;
    if ('uploadId' in grant) {
      this.open(grant.key, grant.uploadId)?.parts.set(grant.number, bytes);
      return this.open(grant.key, grant.uploadId) === undefined ? 404 : 200;
    }
    const type = request.headers.find((header) => header.name.toLowerCase() === 'content-type')?.value;
    if (type !== grant.contentType) return 400;
    if (grant.sha256 !== '' && createHash('sha256').update(bytes).digest('hex') !== grant.sha256) return 400;
    if (this.objects.has(grant.key) || this.gone.has(grant.key)) return 409;
    this.objects.set(grant.key, bytes);
    return 200;
  }

  get(url: string): { status: number; bytes?: Uint8Array; contentType?: string; fileName?: string } {
    const grant = this.gets.get(url);
    if (grant === undefined || grant.expiresAt <= this.clock.now()) return { status: 403 };
    const bytes = this.objects.get(grant.key);
    if (bytes === undefined) return { status: 404 };
    return { status: 200, bytes, contentType: grant.contentType, fileName: grant.fileName };
  }

  /** As if the store had taken something that the ticket does not allow. */
  smuggle(key: string, bytes: Uint8Array): void {
    this.objects.set(key, bytes);
  }

  private noted(grant: PutGrant | PartGrant, headers: SignedRequest['headers']): SignedRequest {
    const url = `memory:put/${(this.count += 1)}`;
    this.puts.set(url, grant);
    return { method: 'PUT', url, headers, expiresAt: grant.expiresAt };
  }

  private open(key: string, uploadId: string): OpenUpload | undefined {
    const upload = this.uploads.get(uploadId);
    return upload?.key === key ? upload : undefined;
  }

  private answer(): void {
    if (this.isDown) throw new DomainError('server.unavailable', 'unavailable');
  }
}
