import type { Clock, FileId, UserId } from '@parley/kernel';
import { servedType } from '../domain/content-type.js';
import type { FileLimits, FileRecord } from '../domain/file.js';
import { fileNotReady } from '../domain/file.errors.js';
import type { ObjectStorage } from '../ports/object-storage.js';
import type { ReadableFiles } from './readable-files.js';
import type { Thumbnails } from './thumbnails.js';

export class GetFile {
  constructor(private readonly readable: ReadableFiles) {}

  execute(query: { actorId: UserId; fileId: FileId }): Promise<FileRecord> {
    return this.readable.get(query.actorId, query.fileId);
  }
}

/** The same for a small picture of an image. */
export class CreateThumbnail {
  constructor(
    private readonly readable: ReadableFiles,
    private readonly thumbnails: Thumbnails,
    private readonly objects: ObjectStorage,
    private readonly clock: Clock,
    private readonly limits: FileLimits,
  ) {}

  /** @param query.size pixels of the longest edge */
  async execute(query: { actorId: UserId; fileId: FileId; size: number }): Promise<{ url: string; expiresAt: number }> {
    const file = await this.readable.get(query.actorId, query.fileId);
    if (file.state !== 'ready') throw fileNotReady();
    const { objectKey: key } = await this.thumbnails.of(file, query.size);
    const expiresAt = this.clock.now() + this.limits.downloadTtlMs;
    const fileName = `${file.name.replace(/\.[^.]*$/, '') || 'thumbnail'}.webp`;
    return { url: await this.objects.presignGet({ key, fileName, contentType: 'image/webp', expiresAt }), expiresAt };
  }
}

/** A short-lived URL for one who may read the file now. Who has the URL can read until it expires, so it expires soon. */
export class CreateDownload {
  constructor(
    private readonly readable: ReadableFiles,
    private readonly objects: ObjectStorage,
    private readonly clock: Clock,
    private readonly limits: FileLimits,
  ) {}

  async execute(query: { actorId: UserId; fileId: FileId }): Promise<{ url: string; expiresAt: number }> {
    const file = await this.readable.get(query.actorId, query.fileId);
    if (file.state !== 'ready') throw fileNotReady();
    const expiresAt = this.clock.now() + this.limits.downloadTtlMs;
    const url = await this.objects.presignGet({
      key: file.objectKey,
      fileName: file.name,
      contentType: servedType(file.contentType),
      expiresAt,
    });
    return { url, expiresAt };
  }
}
