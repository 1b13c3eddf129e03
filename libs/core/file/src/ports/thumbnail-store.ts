import type { FileId } from '@parley/kernel';
import type { Look, Thumbnail } from '../domain/thumbnail.js';

/**
 * Thumbnails and how far they are. Noted before the object is made, so that whoever removes the file knows of every object that may be
 * there. They go with `FileStore.purge`.
 */
export abstract class ThumbnailStore {
  abstract find(fileId: FileId, edge: number): Promise<Thumbnail | undefined>;
  /** Notes one that is going to be made; answers the one that is noted, an earlier one first. Undefined when the file is not ready. */
  abstract begin(thumbnail: Thumbnail): Promise<Thumbnail | undefined>;
  /** making → ready, and notes on the file what it looks like. Idempotent. False when the file was removed meanwhile. */
  abstract finish(fileId: FileId, edge: number, look: Look): Promise<boolean>;
  /** making → failed. */
  abstract fail(fileId: FileId, edge: number): Promise<void>;
  /** All of a file, removed ones included until they are purged. */
  abstract of(fileId: FileId): Promise<Thumbnail[]>;
}
