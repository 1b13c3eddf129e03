import type { LastSeenStore } from '../ports/last-seen-store.js';

const BATCH = 500;

/** When users were last seen: newest first in memory, written behind in batches. A crash loses what was not flushed yet. */
export class LastSeenJournal {
  private pending = new Map<string, number>();

  constructor(private readonly store: LastSeenStore) {}

  note(userIds: readonly string[], at: number): void {
    for (const userId of userIds) this.pending.set(userId, Math.max(at, this.pending.get(userId) ?? 0));
  }

  async of(userIds: readonly string[]): Promise<Map<string, number>> {
    const stored = userIds.length === 0 ? new Map<string, number>() : await this.store.load(userIds);
    return new Map(userIds.map((id) => [id, Math.max(stored.get(id) ?? 0, this.pending.get(id) ?? 0)]));
  }

  /** What cannot be written stays for the next time. */
  async flush(): Promise<void> {
    const entries = [...this.pending].map(([userId, at]) => ({ userId, at }));
    for (let start = 0; start < entries.length; start += BATCH) {
      const batch = entries.slice(start, start + BATCH);
      await this.store.save(batch);
      for (const { userId, at } of batch) if (this.pending.get(userId) === at) this.pending.delete(userId);
    }
  }
}
