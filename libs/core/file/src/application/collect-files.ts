import type { Clock } from '@parley/kernel';
import type { FileLimits } from '../domain/file.js';
import type { FileStore } from '../ports/file-store.js';
import { discard } from './discard.js';
import type { ObjectStorage } from '../ports/object-storage.js';

const BATCH = 100;

/** Collects uploads that nobody completed, refused ones, and what a crash left of removed ones. Run every now and then. */
export class CollectFiles {
  constructor(
    private readonly files: FileStore,
    private readonly objects: ObjectStorage,
    private readonly clock: Clock,
    private readonly limits: FileLimits,
  ) {}

  /** Answers how many files are gone for good. */
  async execute(): Promise<number> {
    const before = this.clock.now() - this.limits.abandonedAfterMs;
    for (const file of await this.files.abandoned(before, BATCH)) await this.files.markAbandoned(file.fileId);
    const removed = await this.files.removed(BATCH);
    for (const file of removed) {
      await discard(this.objects, file);
      await this.files.purge(file.fileId);
    }
    return removed.length;
  }
}
