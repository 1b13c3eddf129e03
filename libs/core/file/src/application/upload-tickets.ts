import type { Clock } from '@parley/kernel';
import type { FileLimits, FileRecord } from '../domain/file.js';
import { uploadLost } from '../domain/file.errors.js';
import { type Part, partsOf } from '../domain/parts.js';
import type { FileStore } from '../ports/file-store.js';
import type { ObjectStorage, SignedRequest, StoredPart } from '../ports/object-storage.js';

export interface PartTicket extends Part {
  request: SignedRequest;
}

export interface PartsTicket {
  /** Bytes of each part but the last: part n begins at (n - 1) * partSize. */
  partSize: number;
  /** What is still to be sent. */
  parts: PartTicket[];
  /** Numbers of the parts that are there. */
  uploaded: number[];
}

/** Where the bytes of a file go, now: asked again, it tells what is missing of an upload in parts, with URLs that work. */
export class UploadTickets {
  constructor(
    private readonly files: FileStore,
    private readonly objects: ObjectStorage,
    private readonly clock: Clock,
    private readonly limits: FileLimits,
  ) {}

  async of(file: FileRecord): Promise<{ ticket: SignedRequest } | { parts: PartsTicket }> {
    const { objectKey: key, size, contentType, sha256, partSize } = file;
    const expiresAt = this.clock.now() + this.limits.uploadTtlMs;
    if (partSize === 0) return { ticket: await this.objects.presignPut({ key, size, contentType, sha256, expiresAt }) };
    const all = partsOf(size, partSize);
    const { uploadId, stored } = file.state === 'pending' ? await this.opened(file) : { uploadId: '', stored: all };
    const there = new Map(stored.map((part) => [part.number, part.size]));
    const [uploaded, missing] = [true, false].map((is) =>
      all.filter((part) => is === (there.get(part.number) === part.size)),
    );
    const parts = (missing ?? []).map(async (part) => ({
      ...part,
      request: await this.objects.presignPart({ key, uploadId, ...part, expiresAt }),
    }));
    return {
      parts: { partSize, parts: await Promise.all(parts), uploaded: (uploaded ?? []).map(({ number }) => number) },
    };
  }

  /** The upload that is open at the store. A new one where there is none: the first time, and where the store forgot it. */
  private async opened(file: FileRecord): Promise<{ uploadId: string; stored: readonly StoredPart[] }> {
    const { fileId, objectKey: key, contentType } = file;
    if (file.uploadId !== '') {
      const stored = await this.objects.storedParts(key, file.uploadId);
      if (stored !== undefined) return { uploadId: file.uploadId, stored };
      // Joined and not checked yet: a completion was cut off in between.
      if ((await this.objects.stat(key)) !== undefined)
        return { uploadId: file.uploadId, stored: partsOf(file.size, file.partSize) };
    }
    const uploadId = await this.objects.openParts({ key, contentType });
    if (await this.files.setUpload(fileId, file.uploadId, uploadId)) return { uploadId, stored: [] };
    // DEDUPE: the same announcement at the same time was first, here or in another process. Its upload is the one.
    await this.objects.dropParts(key, uploadId);
    const now = await this.files.find(fileId);
    const stored = now === undefined ? undefined : await this.objects.storedParts(key, now.uploadId);
    if (now === undefined || stored === undefined) throw uploadLost();
    return { uploadId: now.uploadId, stored };
  }
}
