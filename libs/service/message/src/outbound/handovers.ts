import type { AppendedRange, Place } from './appended.js';
import type { Unpublished } from './commit-runner.js';

interface Held {
  commit: Unpublished;
  range: AppendedRange;
}

/**
 * Ranges on their way to the event log. A range whose conversation was last written by another process waits until that process'
 * commit is published, and with it what follows in that conversation; others pass it by. Waits cannot go in a circle: each is
 * for commits that were made earlier.
 */
export class Handovers {
  /** In order, by conversation. */
  private readonly held = new Map<string, Held[]>();
  /** Ranges that each commit still has here. */
  private readonly left = new Map<Unpublished, number>();
  private ready: Held[] = [];
  /** Commits without ranges: there is nothing to wait for. */
  private empty: number[] = [];

  /** Commits with ranges here. */
  get size(): number {
    return this.left.size;
  }

  add(commits: readonly Unpublished[]): void {
    for (const commit of commits) {
      if (commit.appended.length === 0) this.empty.push(commit.outboxId);
      else this.left.set(commit, commit.appended.length);
      for (const range of commit.appended) {
        const queue = this.held.get(range.conversationId);
        if (queue !== undefined) queue.push({ commit, range });
        else if (range.after === undefined) this.ready.push({ commit, range });
        else this.held.set(range.conversationId, [{ commit, range }]);
      }
    }
  }

  get isWaiting(): boolean {
    return this.held.size > 0;
  }

  /** @param oldest the oldest commit of each writer that is not published, read after the commits that were added here. */
  release(oldest: ReadonlyMap<number, number>): void {
    for (const [conversationId, queue] of this.held) {
      const blocked = queue.findIndex(({ range }) => !isFree(range, oldest));
      this.ready.push(...queue.splice(0, blocked === -1 ? queue.length : blocked));
      if (queue.length === 0) this.held.delete(conversationId);
    }
  }

  /** Takes what may be published now; `publish` it as one, then tell `published`. */
  take(): Held[] {
    const taken = this.ready;
    this.ready = [];
    return taken;
  }

  /** Answers the outbox rows that are published whole. */
  published(taken: readonly Held[]): number[] {
    const empty = this.empty;
    this.empty = [];
    const whole = taken.flatMap(({ commit }) => {
      const left = (this.left.get(commit) ?? 0) - 1;
      if (left > 0) this.left.set(commit, left);
      else this.left.delete(commit);
      return left === 0 ? [commit.outboxId] : [];
    });
    return [...empty, ...whole];
  }

  clear(): void {
    this.held.clear();
    this.left.clear();
    this.ready = [];
    this.empty = [];
  }
}

/** Rows leave the outbox when they are published, and none with a smaller number comes. */
export function isFree({ after }: { after?: Place }, oldest: ReadonlyMap<number, number>): boolean {
  return after === undefined || (oldest.get(after.slot) ?? Number.POSITIVE_INFINITY) > after.commitNo;
}
