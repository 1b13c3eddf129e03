import type { FileRecord } from '../domain/file.js';
import type { ObjectStorage } from '../ports/object-storage.js';

/** ORDER: parts first. Whoever joins them at this moment has then either made the object before it is deleted, or finds nothing to join. */
export async function discard(objects: ObjectStorage, { objectKey, uploadId }: FileRecord): Promise<void> {
  if (uploadId !== '') await objects.dropParts(objectKey, uploadId);
  await objects.delete(objectKey);
}
