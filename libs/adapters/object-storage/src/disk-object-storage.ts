import type { Clock } from '@parley/kernel';
import { createReadStream } from 'node:fs';
import { ObjectEndpoint } from './object-endpoint.js';
import { ObjectFolder } from './object-folder.js';
import { UrlSigner } from './url-signer.js';

export interface DiskObjectStorageOptions {
  /** Made when it is not there. Nothing else may lie in it. */
  directory: string;
  /** At least 128 bits. Who has it can sign; with another one all URLs that are out are void. */
  secret: string;
  /** Under which clients reach `/objects`, without a slash at its end; asked for each URL. */
  publicUrl: () => string;
  clock: Clock;
}

interface PutGrant {
  key: string;
  size: number;
  contentType: string;
  expiresAt: number;
}

interface GetGrant {
  key: string;
  fileName: string;
  contentType: string;
  expiresAt: number;
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

  async presignPut({ key, size, contentType, expiresAt }: PutGrant) {
    const params = { exp: String(expiresAt), size: String(size), type: contentType };
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

  read(key: string): AsyncIterable<Uint8Array> {
    return createReadStream(this.folder.pathOf(key), { highWaterMark: 256 * 1024 });
  }

  delete(key: string): Promise<void> {
    return this.folder.delete(key);
  }

  close(): void {
    clearInterval(this.tidying);
  }
}
