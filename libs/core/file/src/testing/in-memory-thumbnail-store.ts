import type { FileId } from '@parley/kernel';
import type { Look, Thumbnail } from '../domain/thumbnail.js';
import { ThumbnailStore } from '../ports/thumbnail-store.js';
import type { InMemoryFileStore } from './in-memory-file-store.js';

/** Beside the files: their rows say what may still be noted, and take everything along when they are purged. */
export class InMemoryThumbnailStore extends ThumbnailStore {
  private readonly rows = new Map<string, Thumbnail>();

  constructor(private readonly files: InMemoryFileStore) {
    super();
  }

  async find(fileId: FileId, edge: number): Promise<Thumbnail | undefined> {
    const row = this.rows.get(`${fileId} ${edge}`);
    return row && { ...row };
  }

  async begin(thumbnail: Thumbnail): Promise<Thumbnail | undefined> {
    const { fileId, edge } = thumbnail;
    if ((await this.files.find(fileId))?.state !== 'ready') return undefined;
    const noted = this.rows.get(`${fileId} ${edge}`) ?? { ...thumbnail };
    this.rows.set(`${fileId} ${edge}`, noted);
    return { ...noted };
  }

  async finish(fileId: FileId, edge: number, look: Look): Promise<boolean> {
    const row = this.rows.get(`${fileId} ${edge}`);
    if (row === undefined || !this.files.describe(fileId, look)) return false;
    row.state = 'ready';
    return true;
  }

  async fail(fileId: FileId, edge: number): Promise<void> {
    const row = this.rows.get(`${fileId} ${edge}`);
    if (row?.state === 'making') row.state = 'failed';
  }

  async of(fileId: FileId): Promise<Thumbnail[]> {
    if (!this.files.has(fileId)) return [];
    return [...this.rows.values()].filter((row) => row.fileId === fileId).map((row) => ({ ...row }));
  }
}
