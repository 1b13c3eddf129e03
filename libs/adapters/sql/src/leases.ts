import { setTimeout as sleep } from 'node:timers/promises';

/** The right to be the only one who does something, until it is given back or runs out. */
export interface Lease {
  /** False when this process was silent for too long: another one may have it. By this process' own clock, without a statement. */
  isHeld(): boolean;
  /** Answers whether it is still ours. Call well within its time. */
  renew(): Promise<boolean>;
  /** A repeat, or the end of what was lost, does nothing. */
  release(): Promise<void>;
}

/**
 * Named leases of one schema: of all processes that share it, one holds a name at a time. A holder that dies is followed after
 * `ttlMs`. They save work and repeats; what must never go wrong rests on keys and transactions, because a holder that was
 * stopped for a while does not know yet that it has lost (it looks at `isHeld` before each step).
 */
export abstract class Leases {
  /** Undefined while somebody else holds it, in this process or another. Answers at once. */
  abstract tryTake(name: string, ttlMs: number): Promise<Lease | undefined>;

  /** Runs `work` alone: waits until whoever holds the name is done, and keeps the lease alive meanwhile. */
  async alone<T>(name: string, work: () => Promise<T>, { ttlMs = 2000, signal }: AloneOptions = {}): Promise<T> {
    let lease = await this.tryTake(name, ttlMs);
    while (lease === undefined) {
      await sleep(POLL_MS + Math.random() * POLL_MS, undefined, signal === undefined ? {} : { signal });
      lease = await this.tryTake(name, ttlMs);
    }
    return whileHeld(lease, ttlMs, work);
  }
}

export interface AloneOptions {
  ttlMs?: number;
  signal?: AbortSignal;
}

const POLL_MS = 20;

/** Renews the lease while `work` runs, then gives it back. A renewal that fails is tried again; `isHeld` tells how long that is good. */
export async function whileHeld<T>(lease: Lease, ttlMs: number, work: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => void lease.renew().catch(() => undefined), ttlMs / 4);
  timer.unref();
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await lease.release().catch(() => undefined);
  }
}

/** Where one process has the schema to itself: the names are in its memory. */
export class InProcessLeases extends Leases {
  private readonly taken = new Map<string, { until: number }>();

  async tryTake(name: string, ttlMs: number): Promise<Lease | undefined> {
    if ((this.taken.get(name)?.until ?? 0) > performance.now()) return undefined;
    const mine = { until: performance.now() + ttlMs };
    this.taken.set(name, mine);
    const isHeld = () => this.taken.get(name) === mine && performance.now() < mine.until;
    return {
      isHeld,
      renew: async () => {
        if (isHeld()) mine.until = performance.now() + ttlMs;
        return isHeld();
      },
      release: async () => {
        mine.until = 0;
      },
    };
  }
}
