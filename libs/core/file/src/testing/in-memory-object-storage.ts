import { type Clock, DomainError } from '@parley/kernel';
import { type GetGrant, ObjectStorage, type PutGrant, type SignedRequest } from '../ports/object-storage.js';

/** Signed URLs are notes in a book; `put` and `get` are what a client does with them. */
export class InMemoryObjectStorage extends ObjectStorage {
  private readonly objects = new Map<string, Uint8Array>();
  private readonly gone = new Set<string>();
  private readonly puts = new Map<string, PutGrant>();
  private readonly gets = new Map<string, GetGrant>();
  private count = 0;

  constructor(private readonly clock: Clock) {
    super();
  }

  async presignPut(grant: PutGrant): Promise<SignedRequest> {
    const url = `memory:put/${(this.count += 1)}`;
    this.puts.set(url, grant);
    const headers = [{ name: 'content-type', value: grant.contentType }];
    return { method: 'PUT', url, headers, expiresAt: grant.expiresAt };
  }

  async presignGet(grant: GetGrant): Promise<string> {
    const url = `memory:get/${(this.count += 1)}`;
    this.gets.set(url, grant);
    return url;
  }

  async stat(key: string): Promise<{ size: number } | undefined> {
    const object = this.objects.get(key);
    return object === undefined ? undefined : { size: object.length };
  }

  async *read(key: string): AsyncIterable<Uint8Array> {
    const object = this.objects.get(key);
    if (object === undefined) throw new DomainError('server.internal', 'internal');
    const piece = Math.max(1, Math.ceil(object.length / 3));
    for (let at = 0; at < object.length; at += piece) yield object.subarray(at, at + piece);
  }

  async delete(key: string): Promise<void> {
    this.objects.delete(key);
    this.gone.add(key);
  }

  /** Answers the HTTP status. */
  put(request: SignedRequest, bytes: Uint8Array): number {
    const grant = this.puts.get(request.url);
    const type = request.headers.find((header) => header.name.toLowerCase() === 'content-type')?.value;
    if (grant === undefined || grant.expiresAt <= this.clock.now()) return 403;
    if (bytes.length !== grant.size || type !== grant.contentType) return 400;
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
}
