import { DomainError } from '@parley/kernel';
import { BurstyRateLimiter, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { GatewaySettings } from '../settings.js';

/** Bursts are lent for this long: a full burst comes back in ten seconds. */
const BURST_SECONDS = 10;

/** How often one user may send, and ask for anything else. Counts go by user, so that neither transport nor address nor device dodges them. */
export class RequestLimits {
  private readonly sends: BurstyRateLimiter;
  private readonly requests: BurstyRateLimiter;
  private readonly on: boolean;

  constructor(settings: GatewaySettings) {
    this.on = settings.PARLEY_RATE_LIMITS;
    this.sends = limiter('sends', settings.PARLEY_SENDS_PER_SECOND, settings.PARLEY_SENDS_BURST);
    this.requests = limiter('requests', settings.PARLEY_REQUESTS_PER_SECOND, settings.PARLEY_REQUESTS_BURST);
  }

  /** Throws `limit.rate`. Answers nothing at all while limits are off, so that the hot path stays synchronous. */
  take(userId: string, kind: 'send' | 'request'): Promise<void> | undefined {
    return this.on ? this.consume(kind === 'send' ? this.sends : this.requests, userId) : undefined;
  }

  private async consume(from: BurstyRateLimiter, userId: string): Promise<void> {
    try {
      await from.consume(userId);
    } catch (refused) {
      if (refused instanceof RateLimiterRes)
        throw new DomainError('limit.rate', 'rate_limited', { retryAfterMs: Math.max(refused.msBeforeNext, 1) });
      throw refused;
    }
  }
}

function limiter(keyPrefix: string, perSecond: number, burst: number): BurstyRateLimiter {
  return new BurstyRateLimiter(
    new RateLimiterMemory({ keyPrefix, points: perSecond, duration: 1 }),
    new RateLimiterMemory({
      keyPrefix: `${keyPrefix}-burst`,
      points: Math.max(burst - perSecond, 1),
      duration: BURST_SECONDS,
    }),
  );
}
