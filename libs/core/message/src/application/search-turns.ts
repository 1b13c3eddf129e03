import { DomainError } from '@parley/kernel';

export interface SearchTurnLimits {
  /** Searches that run at the same time, each of another user. */
  atOnce: number;
  /** Of one user, beside the one that runs. */
  waitingOfOne: number;
  waiting: number;
}

interface Waiting {
  userId: string;
  begin: () => void;
}

const LIMITS: SearchTurnLimits = { atOnce: 4, waitingOfOne: 3, waiting: 100 };
const RETRY_MS = 1000;

/**
 * A search may compare two thousand messages, and sends go through the same process: so one of each user runs, few at once, and few wait. Between its steps a search lets all else go first (`breathe`).
 */
export class SearchTurns {
  private readonly running = new Set<string>();
  /** In the order in which they came. */
  private readonly waiting: Waiting[] = [];

  constructor(private readonly limits = LIMITS) {}

  async take<T>(userId: string, work: () => Promise<T>): Promise<T> {
    if (this.isFree(userId)) this.running.add(userId);
    else await this.wait(userId);
    try {
      return await work();
    } finally {
      this.running.delete(userId);
      this.next();
    }
  }

  private isFree(userId: string): boolean {
    return this.running.size < this.limits.atOnce && !this.running.has(userId);
  }

  private wait(userId: string): Promise<void> {
    const own = this.waiting.filter((one) => one.userId === userId).length;
    if (own >= this.limits.waitingOfOne)
      throw new DomainError('limit.rate', 'rate_limited', { retryAfterMs: RETRY_MS });
    if (this.waiting.length >= this.limits.waiting)
      throw new DomainError('server.busy', 'unavailable', { retryAfterMs: RETRY_MS });
    return new Promise((begin) => this.waiting.push({ userId, begin }));
  }

  private next(): void {
    const at = this.waiting.findIndex(({ userId }) => this.isFree(userId));
    const [next] = at < 0 ? [] : this.waiting.splice(at, 1);
    if (next === undefined) return;
    // ORDER: taken here, not when it goes on: somebody else could come in between.
    this.running.add(next.userId);
    next.begin();
  }
}

/** Lets everything that has arrived meanwhile go first. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
