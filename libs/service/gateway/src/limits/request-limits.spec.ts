import { DomainError } from '@parley/kernel';
import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { InMemorySharedAllowance } from './in-memory-shared-allowance.js';
import { RequestLimits } from './request-limits.js';
import { SharedAllowance } from './shared-allowance.js';

const SETTINGS = {
  PARLEY_RATE_LIMITS: true,
  PARLEY_SENDS_PER_SECOND: 20,
  PARLEY_SENDS_BURST: 40,
  PARLEY_REQUESTS_PER_SECOND: 50,
  PARLEY_REQUESTS_BURST: 200,
};

describe('RequestLimits', () => {
  let now: number;
  const clock = { now: () => now };

  beforeEach(() => {
    now = 1000;
  });
  beforeAll(() => Logger.overrideLogger(false));
  afterAll(() => Logger.overrideLogger(true));

  const gateway = (shared?: SharedAllowance) => new RequestLimits(SETTINGS, shared, () => now);
  /** How many of so many tries are let through. */
  const through = (limits: RequestLimits, tries: number, user = 'ann') => {
    let count = 0;
    for (let i = 0; i < tries; i += 1)
      try {
        limits.take(user, 'send');
        count += 1;
      } catch (error) {
        expect(error).toMatchObject({ code: 'limit.rate', kind: 'rate_limited' });
      }
    return count;
  };

  it('lets a burst through at once and then so many per second, each user and each kind by itself', () => {
    const limits = gateway();
    expect(through(limits, 40)).toBe(40);
    now += 1000;
    expect(through(limits, 20)).toBe(20);
    expect(through(limits, 1)).toBe(0);
    expect(through(limits, 40, 'bob')).toBe(40);
    for (let i = 0; i < 200; i += 1) limits.take('ann', 'request');
    expect(() => limits.take('ann', 'request')).toThrow(DomainError);
  });

  it('serves who waits as told, and who tries on without waiting no more than that', () => {
    const limits = gateway();
    through(limits, 41);
    const waitOf = () => {
      try {
        limits.take('ann', 'send');
        return 0;
      } catch (error) {
        return (error as DomainError).details.retryAfterMs ?? 0;
      }
    };
    const wait = waitOf();
    expect(wait).toBeGreaterThan(900);
    expect(wait).toBeLessThanOrEqual(1000);
    now += wait;
    expect(waitOf()).toBe(0);
    let served = 0;
    for (let ms = 0; ms < 10_000; ms += 10) {
      now += 10;
      served += through(limits, 1);
    }
    expect(served).toBeGreaterThanOrEqual(180);
    expect(served).toBeLessThanOrEqual(220);
  });

  it('counts nothing while limits are off', () => {
    const limits = new RequestLimits({ ...SETTINGS, PARLEY_RATE_LIMITS: false });
    expect(through(limits, 1000)).toBe(1000);
  });

  it('bounds who uses two gateways at once: a burst from each, then what one would give', async () => {
    const shared = new InMemorySharedAllowance(clock);
    const gateways = [gateway(shared), gateway(shared)];
    let total = 0;
    for (let step = 0; step < 60; step += 1) {
      for (const limits of gateways) total += through(limits, 15);
      now += 500;
      for (const limits of gateways) await limits.book();
    }
    // 30 s: the rate, and one burst from each gateway.
    expect(total).toBeGreaterThanOrEqual(30 * 20 * 0.5);
    expect(total).toBeLessThanOrEqual(30 * 20 + 2 * 40);
  });

  it('does not take from who stays below the rate, though on two gateways', async () => {
    const shared = new InMemorySharedAllowance(clock);
    const gateways = [gateway(shared), gateway(shared)];
    for (let step = 0; step < 60; step += 1) {
      for (const limits of gateways) expect(through(limits, 4)).toBe(4);
      now += 500;
      for (const limits of gateways) await limits.book();
    }
  });

  it('limits by itself while the shared store is away', async () => {
    const away = new (class extends SharedAllowance {
      book(): Promise<number[]> {
        return Promise.reject(new DomainError('server.unavailable', 'unavailable'));
      }
    })();
    const limits = gateway(away);
    expect(through(limits, 100)).toBe(40);
    await limits.book();
    now += 1000;
    expect(through(limits, 100)).toBeLessThanOrEqual(20);
  });
});
