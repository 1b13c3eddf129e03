import type { FileRecord } from '../domain/file.js';
import type { ObjectStorage } from '../ports/object-storage.js';
import type { ThumbnailStore } from '../ports/thumbnail-store.js';

/** Takes away all objects of a removed file. */
export class Discard {
  constructor(
    private readonly objects: ObjectStorage,
    private readonly thumbnails: ThumbnailStore,
  ) {}

  /** ORDER: parts first. Whoever joins them at this moment has then either made the object before it is deleted, or finds nothing to join. */
  async all({ fileId, objectKey, uploadId }: FileRecord): Promise<void> {
    if (uploadId !== '') await this.objects.dropParts(objectKey, uploadId);
    await this.objects.delete(objectKey);
    // No more come: a thumbnail is noted for ready files only.
    for (const thumbnail of await this.thumbnails.of(fileId))
      if (thumbnail.state !== 'failed') await this.objects.delete(thumbnail.objectKey);
  }
}
