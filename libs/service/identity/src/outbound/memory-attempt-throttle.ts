import { type Attempt, AttemptThrottle, identityErrors, normalizeAddress } from '@parley/core-identity';
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

export interface ThrottleLimits {
  /** Wrong guesses at one target from one address within WINDOW. */
  perTarget: number;
  /** Wrong guesses from one address within WINDOW. */
  perAddress: number;
  /** New accounts and guests from one address in an hour. */
  creations: number;
}

const WINDOW_SECONDS = 15 * 60;
const HOUR_SECONDS = 3600;

/** Counts in this process. With several instances each counts for itself, which limits less but never not at all. */
export class MemoryAttemptThrottle extends AttemptThrottle {
  private readonly targets: RateLimiterAbstract;
  private readonly addresses: RateLimiterAbstract;
  private readonly creations: RateLimiterAbstract;

  constructor(limits: ThrottleLimits) {
    super();
    this.targets = new RateLimiterMemory({ points: limits.perTarget, duration: WINDOW_SECONDS });
    this.addresses = new RateLimiterMemory({ points: limits.perAddress, duration: WINDOW_SECONDS });
    this.creations = new RateLimiterMemory({ points: limits.creations, duration: HOUR_SECONDS });
  }

  async guess(attempt: Attempt): Promise<void> {
    const address = normalizeAddress(attempt.address);
    await take(this.targets, keyOf(attempt));
    await take(this.addresses, address);
  }

  async succeeded(attempt: Attempt): Promise<void> {
    await this.targets.delete(keyOf(attempt));
    // The address keeps the wrong guesses that it made at others.
    await this.addresses.reward(normalizeAddress(attempt.address), 1);
  }

  async creation(address: string): Promise<void> {
    await take(this.creations, normalizeAddress(address));
  }
}

/** While limits are off by a setting, for benchmarks and conformance runs. */
export class NoThrottle extends AttemptThrottle {
  async guess(): Promise<void> {
    // Nothing is counted.
  }

  async succeeded(): Promise<void> {
    // Nothing is counted.
  }

  async creation(): Promise<void> {
    // Nothing is counted.
  }
}

const keyOf = ({ target, address }: Attempt) => `${normalizeAddress(address)}\n${target}`;

async function take(limiter: RateLimiterAbstract, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refused) {
    if (refused instanceof RateLimiterRes) throw identityErrors.tooManyAttempts(Math.max(refused.msBeforeNext, 1000));
    throw refused;
  }
}
