import { type Attempt, AttemptThrottle, identityErrors, normalizeAddress } from '@parley/core-identity';
import { type RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';

export interface ThrottleLimits {
  /** Wrong guesses at one target from one address within a quarter of an hour. */
  perTarget: number;
  /** Wrong guesses from one address within a quarter of an hour. */
  perAddress: number;
  /** New accounts and guests from one address in an hour. */
  creations: number;
}

const WINDOW_SECONDS = 15 * 60;
const HOUR_SECONDS = 3600;
const SHORTEST_WAIT_MS = 1000;

/** One count that refuses. */
export interface Limiter {
  /** Answers how long to wait, in ms; 0 for nothing. */
  take(key: string): Promise<number>;
  forget(key: string): Promise<void>;
  giveBack(key: string): Promise<void>;
}

/** What is counted, and under which keys; where it is counted is the limiters' business. */
export class CountedAttemptThrottle extends AttemptThrottle {
  private readonly targets: Limiter;
  private readonly addresses: Limiter;
  private readonly creations: Limiter;

  constructor(limits: ThrottleLimits, make: (name: string, points: number, seconds: number) => Limiter) {
    super();
    this.targets = make('target', limits.perTarget, WINDOW_SECONDS);
    this.addresses = make('address', limits.perAddress, WINDOW_SECONDS);
    this.creations = make('creation', limits.creations, HOUR_SECONDS);
  }

  async guess(attempt: Attempt): Promise<void> {
    const address = normalizeAddress(attempt.address);
    refuse(await this.targets.take(keyOf(attempt)));
    refuse(await this.addresses.take(address));
  }

  async succeeded(attempt: Attempt): Promise<void> {
    await this.targets.forget(keyOf(attempt));
    // The address keeps the wrong guesses that it made at others.
    await this.addresses.giveBack(normalizeAddress(attempt.address));
  }

  async creation(address: string): Promise<void> {
    refuse(await this.creations.take(normalizeAddress(address)));
  }
}

/** Counts in one of the library's stores. Throws what the store throws. */
export class StoredLimiter implements Limiter {
  constructor(private readonly store: RateLimiterAbstract) {}

  async take(key: string): Promise<number> {
    try {
      await this.store.consume(key);
      return 0;
    } catch (refused) {
      if (refused instanceof RateLimiterRes) return Math.max(refused.msBeforeNext, SHORTEST_WAIT_MS);
      throw refused;
    }
  }

  async forget(key: string): Promise<void> {
    await this.store.delete(key);
  }

  async giveBack(key: string): Promise<void> {
    await this.store.reward(key, 1);
  }
}

const keyOf = ({ target, address }: Attempt) => `${normalizeAddress(address)}\n${target}`;

function refuse(waitMs: number): void {
  if (waitMs > 0) throw identityErrors.tooManyAttempts(waitMs);
}
