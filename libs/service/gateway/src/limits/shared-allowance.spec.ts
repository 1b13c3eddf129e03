import { RedisStore } from '@parley/adapter-redis';
import { engine } from '@parley/testing';
import { randomBytes } from 'node:crypto';
import { afterEach, describe } from 'vitest';
import { InMemorySharedAllowance } from './in-memory-shared-allowance.js';
import { RedisSharedAllowance } from './redis-shared-allowance.js';
import { sharedAllowanceContract } from './shared-allowance.contract.js';

sharedAllowanceContract('in memory', async (clock) => {
  const allowance = new InMemorySharedAllowance(clock);
  return { one: allowance, other: allowance };
});

const redis = engine('redis');

describe.skipIf(redis === undefined)('on Redis', () => {
  const stores: RedisStore[] = [];

  afterEach(() => {
    // The keys go by themselves, within seconds.
    for (const store of stores.splice(0)) store.close();
  });

  sharedAllowanceContract('Redis, two instances', async (clock) => {
    const keyPrefix = `test-limits-${randomBytes(4).toString('hex')}:`;
    const open = async () => {
      const store = new RedisStore({ url: redis?.url ?? '', keyPrefix });
      stores.push(store);
      await store.waitUntilReady();
      return new RedisSharedAllowance(store, clock);
    };
    return { one: await open(), other: await open() };
  });
});
