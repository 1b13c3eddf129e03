import { RedisStore } from '@parley/adapter-redis';
import type { AttemptThrottle } from '@parley/core-identity';
import { engine, eventually, hasRedisServer, RedisProcess } from '@parley/testing';
import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { ThrottleLimits } from './attempt-limits.js';
import { MemoryAttemptThrottle, NoThrottle } from './memory-attempt-throttle.js';
import { RedisAttemptThrottle } from './redis-attempt-throttle.js';

const at = (target: string, address = '192.0.2.1') => ({ target, address });

const limits: ThrottleLimits = { perTarget: 3, perAddress: 5, creations: 2 };

/** Instances over the same counts; one where it counts for itself. */
function throttleContract(name: string, make: (limits: ThrottleLimits) => Promise<AttemptThrottle[]>): void {
  describe(`attempt throttle: ${name}`, () => {
    /** Takes the instances in turns. */
    const throttleOf = async () => {
      const instances = await make(limits);
      let turn = 0;
      const next = () => instances[(turn += 1) % instances.length] as AttemptThrottle;
      return {
        guess: (...args: Parameters<AttemptThrottle['guess']>) => next().guess(...args),
        succeeded: (...args: Parameters<AttemptThrottle['succeeded']>) => next().succeeded(...args),
        creation: (...args: Parameters<AttemptThrottle['creation']>) => next().creation(...args),
      };
    };

    it('stops guesses at one name from one address, in every form of it, and leaves other addresses alone', async () => {
      const throttle = await throttleOf();
      for (let i = 0; i < 3; i += 1) await throttle.guess(at('ann'));
      await expect(throttle.guess(at('ann', '::ffff:192.0.2.1'))).rejects.toMatchObject({ code: 'limit.rate' });
      await throttle.guess(at('ann', '203.0.113.5'));
    });

    it('does not lock the owner out with guesses of others, however many', async () => {
      const throttle = await throttleOf();
      for (let i = 0; i < 100; i += 1) await throttle.guess(at('ann', `198.51.100.${i}`));
      await expect(throttle.guess(at('ann', '203.0.113.5'))).resolves.toBeUndefined();
    });

    it('counts parallel guesses before any of them is answered', async () => {
      const throttle = await throttleOf();
      const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => throttle.guess(at('ann'))));
      expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(3);
    });

    it('stops one address that tries many names, and says how long', async () => {
      const throttle = await throttleOf();
      for (let i = 0; i < 5; i += 1) await throttle.guess(at(`name${i}`));
      const refused = await throttle.guess(at('name9')).catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: 'limit.rate', kind: 'rate_limited' });
      expect((refused as { details: { retryAfterMs: number } }).details.retryAfterMs).toBeGreaterThan(1000);
    });

    it('starts anew after a right one', async () => {
      const throttle = await throttleOf();
      for (let i = 0; i < 20; i += 1) {
        await throttle.guess(at('ann'));
        await throttle.succeeded(at('ann'));
      }
    });

    it('bounds new accounts by address', async () => {
      const throttle = await throttleOf();
      await throttle.creation('192.0.2.1');
      await throttle.creation('192.0.2.1');
      await expect(throttle.creation('192.0.2.1')).rejects.toMatchObject({ code: 'limit.rate' });
      await throttle.creation('192.0.2.2');
    });
  });
}

throttleContract('in memory', async () => [new MemoryAttemptThrottle(limits)]);

describe('NoThrottle', () => {
  it('counts nothing while limits are off', async () => {
    const throttle = new NoThrottle();
    for (let i = 0; i < 100; i += 1) {
      await throttle.guess();
      await throttle.creation();
      await throttle.succeeded();
    }
  });
});

const redis = engine('redis');

describe.skipIf(redis === undefined)('on Redis', () => {
  const stores: RedisStore[] = [];

  afterEach(async () => {
    for (const store of stores.splice(0)) {
      const prefix = store.client.options.keyPrefix ?? '';
      const keys = await store.client.keys(`${prefix}*`);
      if (keys.length > 0) await store.client.unlink(keys.map((key) => key.slice(prefix.length)));
      store.close();
    }
  });

  throttleContract('Redis, two instances', async () => {
    const keyPrefix = `test-throttle-${randomBytes(4).toString('hex')}:`;
    const open = async () => {
      const store = new RedisStore({ url: redis?.url ?? '', keyPrefix });
      stores.push(store);
      await store.waitUntilReady();
      return new RedisAttemptThrottle(store, limits, () => undefined);
    };
    return [await open(), await open()];
  });
});

describe.skipIf(!hasRedisServer())('RedisAttemptThrottle without Redis', () => {
  const ends: (() => unknown)[] = [];
  const log: string[] = [];

  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
    log.length = 0;
  });

  const throttleOn = async (process: RedisProcess) => {
    ends.push(() => process.end());
    const store = new RedisStore({ url: process.url, commandTimeoutMs: 300 });
    ends.push(() => store.close());
    return { store, throttle: new RedisAttemptThrottle(store, limits, (line) => log.push(line)) };
  };

  it('keeps limited who was limited, at once, and counts on', async () => {
    const process = await RedisProcess.start();
    const { store, throttle } = await throttleOn(process);
    await store.waitUntilReady();
    for (let i = 0; i < 2; i += 1) await throttle.guess(at('ann'));
    await process.kill();
    await throttle.guess(at('ann'));
    const start = performance.now();
    await expect(throttle.guess(at('ann'))).rejects.toMatchObject({ code: 'limit.rate' });
    expect(performance.now() - start).toBeLessThan(100);
    await expect(throttle.succeeded(at('bob'))).resolves.toBeUndefined();
    await process.begin();
    await eventually('Redis is back', () => store.isReady);
    await throttle.guess(at('cat', '203.0.113.5'));
    expect(log).toEqual([
      expect.stringContaining('counted by this instance alone'),
      expect.stringContaining('for all instances again'),
    ]);
  });

  it('limits while a Redis that hangs is waited for, and when it never was there', async () => {
    const process = await RedisProcess.start();
    const { store, throttle } = await throttleOn(process);
    await store.waitUntilReady();
    process.freeze();
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => throttle.guess(at('ann'))));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    process.thaw();
    const nowhere = await throttleOn(await RedisProcess.prepare());
    const others = await Promise.allSettled(Array.from({ length: 10 }, () => nowhere.throttle.creation('192.0.2.9')));
    expect(others.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
  });
});
