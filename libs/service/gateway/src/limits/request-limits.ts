import { DomainError } from '@parley/kernel';
import { Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { GatewaySettings } from '../settings.js';
import { Buckets } from './buckets.js';
import type { LimitedAs } from './limited-as.js';
import type { SharedAllowance } from './shared-allowance.js';

/** How long several gateways may let through without knowing of each other. */
const BOOK_MS = 500;
const PRUNE_MS = 5000;

/**
 * How often one user may send, and ask for anything else. Counts go by user, so that neither transport nor address nor device dodges
 * them. Judged here and now, without asking anybody; where several gateways share an allowance it is booked there every half second,
 * and what the others let through counts from then on. So who uses several gateways at once gets at most one burst from each, once,
 * and in the long run no more than who uses one. Without the shared store each gateway limits by itself.
 */
export class RequestLimits implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly sends: Buckets;
  private readonly requests: Buckets;
  private readonly on: boolean;
  private readonly logger = new Logger(RequestLimits.name);
  private timers: ReturnType<typeof setInterval>[] = [];
  private booking = false;
  private isAlone = false;

  constructor(
    settings: Pick<
      GatewaySettings,
      | 'PARLEY_RATE_LIMITS'
      | 'PARLEY_SENDS_PER_SECOND'
      | 'PARLEY_SENDS_BURST'
      | 'PARLEY_REQUESTS_PER_SECOND'
      | 'PARLEY_REQUESTS_BURST'
    >,
    private readonly shared?: SharedAllowance,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.on = settings.PARLEY_RATE_LIMITS;
    this.sends = buckets(settings.PARLEY_SENDS_PER_SECOND, settings.PARLEY_SENDS_BURST);
    this.requests = buckets(settings.PARLEY_REQUESTS_PER_SECOND, settings.PARLEY_REQUESTS_BURST);
  }

  onApplicationBootstrap(): void {
    if (!this.on) return;
    if (this.shared !== undefined) this.every(BOOK_MS, () => void this.book());
    this.every(PRUNE_MS, () => {
      for (const kind of [this.sends, this.requests]) kind.prune(this.now());
    });
  }

  onModuleDestroy(): void {
    for (const timer of this.timers) clearInterval(timer);
  }

  /** Throws `limit.rate`. */
  take(userId: string, kind: LimitedAs): void {
    if (!this.on) return;
    const waitMs = (kind === 'send' ? this.sends : this.requests).take(userId, this.now());
    if (waitMs > 0) throw new DomainError('limit.rate', 'rate_limited', { retryAfterMs: waitMs });
  }

  /** Books what was let through, and learns what the other gateways did. One booking at a time. */
  async book(): Promise<void> {
    if (this.booking || this.shared === undefined) return;
    this.booking = true;
    try {
      await Promise.all([this.bookOf('send', this.sends), this.bookOf('request', this.requests)]);
      this.isAlone = false;
    } catch (error) {
      if (!this.isAlone) this.logger.warn(`Rates are limited by this gateway alone: ${String(error)}`);
      this.isAlone = true;
    }
    this.booking = false;
  }

  private async bookOf(kind: string, of: Buckets): Promise<void> {
    const uses = of.collect();
    if (uses.length === 0) return;
    const booked = uses.map(({ key, count }) => ({ key: `${kind}:${key}`, count }));
    const left = await (this.shared as SharedAllowance).book(booked, of.allowance);
    for (const [index, { key }] of uses.entries()) of.correct(key, left[index] as number);
  }

  private every(ms: number, work: () => void): void {
    const timer = setInterval(work, ms);
    timer.unref();
    this.timers.push(timer);
  }
}

function buckets(perSecond: number, burst: number): Buckets {
  return new Buckets({ perSecond, burst: Math.max(burst, perSecond) });
}
