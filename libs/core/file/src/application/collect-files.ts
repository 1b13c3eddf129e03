import type { Clock } from '@parley/kernel';
import type { FileLimits, FileRecord } from '../domain/file.js';
import type { FileStore } from '../ports/file-store.js';
import type { Discard } from './discard.js';

const BATCH = 100;
const AT_ONCE = 10;

/** Collects uploads that nobody completed, refused ones, and what a crash left of removed ones. Run every now and then. */
export class CollectFiles {
  constructor(
    private readonly files: FileStore,
    private readonly discard: Discard,
    private readonly clock: Clock,
    private readonly limits: FileLimits,
  ) {}

  /**
   * Answers how many files are gone for good. One that the store does not let go of, because an upload to it is still under way, holds
   * up no other. Throws when nothing went.
   */
  async execute(): Promise<number> {
    const before = this.clock.now() - this.limits.abandonedAfterMs;
    for (const file of await this.files.abandoned(before, BATCH)) await this.files.markAbandoned(file.fileId);
    const removed = await this.files.removed(BATCH);
    const failures: unknown[] = [];
    for (let at = 0; at < removed.length; at += AT_ONCE) {
      const outcomes = await Promise.allSettled(removed.slice(at, at + AT_ONCE).map((file) => this.purge(file)));
      failures.push(...outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : [])));
    }
    if (failures.length > 0 && failures.length === removed.length) throw failures[0];
    return removed.length - failures.length;
  }

  private async purge(file: FileRecord): Promise<void> {
    await this.discard.all(file);
    await this.files.purge(file.fileId);
  }
}
