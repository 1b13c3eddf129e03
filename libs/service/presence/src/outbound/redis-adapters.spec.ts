import { RedisStore } from '@parley/adapter-redis';
import { sessionDirectoryContract, watchRegistryContract } from '@parley/core-presence/testing';
import { engine } from '@parley/testing';
import { randomBytes } from 'node:crypto';
import { afterEach, describe } from 'vitest';
import { RedisSessionDirectory } from './redis-session-directory.js';
import { RedisWatchRegistry } from './redis-watch-registry.js';

const redis = engine('redis');

describe.skipIf(redis === undefined)('on Redis', () => {
  const opened: { store: RedisStore; keyPrefix: string }[] = [];

  async function open(keyPrefix: string): Promise<RedisStore> {
    const store = new RedisStore({ url: redis?.url ?? '', keyPrefix, commandTimeoutMs: 5000 });
    opened.push({ store, keyPrefix });
    await store.waitUntilReady();
    return store;
  }

  /** Everything under one prefix: the engine is shared. */
  async function clear({ client }: RedisStore, keyPrefix: string): Promise<void> {
    const keys = await client.keys(`${keyPrefix}*`);
    if (keys.length > 0) await client.unlink(keys.map((key) => key.slice(keyPrefix.length)));
  }

  const prefix = () => `test-presence-${randomBytes(4).toString('hex')}:`;

  afterEach(async () => {
    for (const { store, keyPrefix } of opened.splice(0)) {
      await clear(store, keyPrefix);
      store.close();
    }
  });

  sessionDirectoryContract('Redis, two instances', async (clock) => {
    const keyPrefix = prefix();
    const [one, other] = [await open(keyPrefix), await open(keyPrefix)];
    return {
      one: new RedisSessionDirectory(one, clock),
      other: new RedisSessionDirectory(other, clock),
      lose: () => clear(one, keyPrefix),
    };
  });
  watchRegistryContract('Redis', async () => new RedisWatchRegistry(await open(prefix())));
});
