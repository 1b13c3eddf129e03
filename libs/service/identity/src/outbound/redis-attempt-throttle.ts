import type { RedisStore } from '@parley/adapter-redis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import { CountedAttemptThrottle, type Limiter, StoredLimiter, type ThrottleLimits } from './attempt-limits.js';
import { inMemory } from './memory-attempt-throttle.js';

/**
 * Counts in Redis, for all instances. Without Redis each instance goes on by its own count, which it has kept all along: whoever was
 * limited here stays limited when Redis goes away, rather than starting anew.
 */
export class RedisAttemptThrottle extends CountedAttemptThrottle {
  constructor(redis: RedisStore, limits: ThrottleLimits, log: (line: string) => void) {
    const watch = new Outage(log);
    super(
      limits,
      (name, points, duration) =>
        new InsuredLimiter(
          new StoredLimiter(
            new RateLimiterRedis({
              storeClient: redis.client,
              keyPrefix: `throttle:${name}`,
              points,
              duration,
              rejectIfRedisNotReady: true,
            }),
          ),
          inMemory(name, points, duration),
          watch,
        ),
    );
  }
}

/** Says once that counts are not shared, and once that they are again. */
class Outage {
  private isOn = false;

  constructor(private readonly log: (line: string) => void) {}

  begin(error: unknown): void {
    if (!this.isOn) this.log(`Attempts are counted by this instance alone: ${String(error)}`);
    this.isOn = true;
  }

  end(): void {
    if (this.isOn) this.log('Attempts are counted for all instances again');
    this.isOn = false;
  }
}

class InsuredLimiter implements Limiter {
  constructor(
    private readonly shared: Limiter,
    private readonly own: Limiter,
    private readonly outage: Outage,
  ) {}

  async take(key: string): Promise<number> {
    // Always counted here as well; asked only where Redis does not answer.
    const ownWaitMs = await this.own.take(key);
    return this.either(() => this.shared.take(key), ownWaitMs);
  }

  async forget(key: string): Promise<void> {
    await this.own.forget(key);
    await this.either(() => this.shared.forget(key), undefined);
  }

  async giveBack(key: string): Promise<void> {
    await this.own.giveBack(key);
    await this.either(() => this.shared.giveBack(key), undefined);
  }

  private async either<T>(shared: () => Promise<T>, own: T): Promise<T> {
    try {
      const answer = await shared();
      this.outage.end();
      return answer;
    } catch (error) {
      this.outage.begin(error);
      return own;
    }
  }
}
