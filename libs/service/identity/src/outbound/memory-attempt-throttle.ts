import { AttemptThrottle } from '@parley/core-identity';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { CountedAttemptThrottle, type Limiter, StoredLimiter, type ThrottleLimits } from './attempt-limits.js';

export const inMemory = (keyPrefix: string, points: number, duration: number): Limiter =>
  new StoredLimiter(new RateLimiterMemory({ keyPrefix, points, duration }));

/** Counts in this process. With several instances each counts for itself, which limits less but never not at all. */
export class MemoryAttemptThrottle extends CountedAttemptThrottle {
  constructor(limits: ThrottleLimits) {
    super(limits, inMemory);
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
