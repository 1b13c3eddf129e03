import type { Clock } from '@parley/kernel';
import { createReadStream } from 'node:fs';
import type { GetGrant, PartGrant, PutGrant, StoredPart } from './grants.js';
import { codeOf } from './drafts.js';
import { ObjectEndpoint } from './object-endpoint.js';
import { ObjectFolder } from './object-folder.js';
import { UrlSigner } from './url-signer.js';

export interface DiskObjectStorageOptions {
  /** Made when it is not there. Nothing else may lie in it. */
  directory: string;
  /** At least 128 bits. Who has it can sign; with another one all URLs that are out are void. */
  secret: string;
  /** Under which clients reach `/objects`, without a slash at its end; asked for each URL. Empty: URLs begin with `/objects/`. */
  publicUrl: () => string;
  clock: Clock;
}

const TIDY_MS = 3_600_000;

/** Objects on a disk of this machine, behind signed URLs of our own. `endpoint` answers these; mount it under `/objects/`. */
export class DiskObjectStorage {
  private readonly tidying: ReturnType<typeof setInterval>;

  private constructor(
    private readonly folder: ObjectFolder,
    private readonly signer: UrlSigner,
    private readonly publicUrl: () => string,
    readonly endpoint: ObjectEndpoint,
    clock: Clock,
  ) {
    // A pass that fails is made up for by the next one: nothing rests on it but space.
    this.tidying = setInterval(() => void folder.tidy(clock.now()).catch(() => undefined), TIDY_MS);
    this.tidying.unref();
  }

  static async open(options: DiskObjectStorageOptions): Promise<DiskObjectStorage> {
    const folder = await ObjectFolder.open(options.directory);
    await folder.tidy(options.clock.now());
    const signer = new UrlSigner(options.secret);
    const endpoint = new ObjectEndpoint(folder, signer, options.clock);
    return new DiskObjectStorage(folder, signer, options.publicUrl, endpoint, options.clock);
  }

  async presignPut({ key, size, contentType, sha256, expiresAt }: PutGrant) {
    const params = { exp: String(expiresAt), size: String(size), type: contentType, ...(sha256 && { sha256 }) };
    const url = `${this.publicUrl()}${this.signer.sign({ action: 'put', key, params })}`;
    return { method: 'PUT' as const, url, headers: [{ name: 'content-type', value: contentType }], expiresAt };
  }

  async presignGet({ key, fileName, contentType, expiresAt }: GetGrant): Promise<string> {
    const params = { exp: String(expiresAt), name: fileName, type: contentType };
    return `${this.publicUrl()}${this.signer.sign({ action: 'get', key, params })}`;
  }

  async stat(key: string): Promise<{ size: number } | undefined> {
    const size = await this.folder.size(key);
    return size === undefined ? undefined : { size };
  }

  read(key: string, length = Infinity): AsyncIterable<Uint8Array> {
    return createReadStream(this.folder.pathOf(key), { highWaterMark: 256 * 1024, end: length - 1 });
  }

  async write(key: string, bytes: Uint8Array): Promise<boolean> {
    return !(await this.folder.isTaken(key)) && this.folder.store(key, piecesOf(bytes));
  }

  delete(key: string): Promise<void> {
    return this.folder.delete(key);
  }

  openParts(): Promise<string> {
    return this.folder.parts.begin();
  }

  async presignPart({ key, uploadId, number, size, expiresAt }: PartGrant) {
    const params = { exp: String(expiresAt), size: String(size), upload: uploadId, n: String(number) };
    const url = `${this.publicUrl()}${this.signer.sign({ action: 'part', key, params })}`;
    return { method: 'PUT' as const, url, headers: [], expiresAt };
  }

  storedParts(_key: string, uploadId: string): Promise<StoredPart[] | undefined> {
    return this.folder.parts.list(uploadId);
  }

  async joinParts(key: string, uploadId: string, parts: readonly StoredPart[]): Promise<number[] | false> {
    const sizes = new Map((await this.storedParts(key, uploadId))?.map((part) => [part.number, part.size]));
    const missing = parts.filter(({ number, size }) => sizes.get(number) !== size).map((part) => part.number);
    const isThere = async () => (await this.folder.size(key)) !== undefined;
    if (missing.length > 0) {
      // Nothing at all is also how it looks when another call has just joined them.
      if (await this.folder.parts.isOpen(uploadId)) return missing;
      return (await isThere()) ? [] : false;
    }
    const numbers = parts.map((part) => part.number);
    try {
      await this.folder.store(key, this.folder.parts.read(uploadId, numbers));
    } catch (error) {
      // Of several at once one makes the object, and its end takes the parts away under the others.
      if (codeOf(error) !== 'ENOENT' || (await this.folder.parts.isOpen(uploadId))) throw error;
    }
    await this.folder.parts.drop(uploadId);
    return (await isThere()) ? [] : false;
  }

  dropParts(_key: string, uploadId: string): Promise<void> {
    return this.folder.parts.drop(uploadId);
  }

  close(): void {
    clearInterval(this.tidying);
  }
}

async function* piecesOf(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
