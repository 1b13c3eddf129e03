import { eventually, hasRedisServer, RedisProcess } from '@parley/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { redisError } from './redis-errors.js';
import { pauseBefore, RedisStore } from './redis-store.js';

describe('pauseBefore', () => {
  it('grows to a second and stays there, with jitter', () => {
    expect([1, 2, 3, 4, 5, 6, 50].map((attempt) => pauseBefore(attempt, () => 1))).toEqual([
      50, 100, 200, 400, 800, 1000, 1000,
    ]);
    expect(pauseBefore(6, () => 0)).toBe(500);
  });
});

describe('redisError', () => {
  const reply = (message: string) => Object.assign(new Error(message), { name: 'ReplyError' });

  it('takes what passes for unavailable, and leaves our own mistakes what they are', () => {
    for (const error of [
      reply('LOADING Redis is loading'),
      reply('READONLY You can’t write'),
      new Error('Command timed out'),
    ])
      expect(redisError(error)).toMatchObject({ code: 'server.unavailable', kind: 'unavailable' });
    const ours = reply("ERR unknown command 'nonsense'");
    expect(redisError(ours)).toBe(ours);
  });
});

describe.skipIf(!hasRedisServer())('RedisStore on a Redis of its own', () => {
  const ends: (() => unknown)[] = [];
  const log: string[] = [];

  const started = async (redis: RedisProcess) => {
    ends.push(() => redis.end());
    const store = new RedisStore({
      url: redis.url,
      keyPrefix: 'k:',
      commandTimeoutMs: 300,
      log: (line) => log.push(line),
    });
    ends.push(() => store.close());
    return store;
  };
  const took = async (work: () => Promise<unknown>) => {
    const start = performance.now();
    await expect(work()).rejects.toMatchObject({ code: 'server.unavailable' });
    return performance.now() - start;
  };

  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
    log.length = 0;
  });

  it('runs commands and scripts under its prefix', async () => {
    const redis = await RedisProcess.start();
    const store = await started(redis);
    await store.waitUntilReady();
    await store.run((client) => client.set('a', '1'));
    const double = store.script('double', "return redis.call('GET', KEYS[1]) * ARGV[1]", 1);
    expect(await double(['a'], [2])).toBe(2);
    expect(await redis.ask('GET k:a')).toContain('1');
    await redis.ask('SCRIPT FLUSH');
    expect(await double(['a'], [3])).toBe(3);
    await expect(store.check()).resolves.toBeUndefined();
    await expect(store.run((client) => client.hset('a', 'field', '1'))).rejects.toMatchObject({ name: 'ReplyError' });
  });

  it('waits for one that is not there at the start, and says for what', async () => {
    const redis = await RedisProcess.prepare();
    const store = await started(redis);
    const waiting = store.waitUntilReady();
    expect(await took(() => store.run((client) => client.get('a')))).toBeLessThan(100);
    await expect(store.check()).rejects.toThrow(/Redis at 127\.0\.0\.1:\d+: /);
    await eventually('a line about it', () =>
      log.some((line) => /^waiting for Redis at 127\.0\.0\.1:\d+: .*ECONNREFUSED/.test(line)),
    );
    await redis.begin();
    await waiting;
    await store.run((client) => client.get('a'));
  });

  it('ends the wait when it is told to', async () => {
    const store = await started(await RedisProcess.prepare());
    await expect(store.waitUntilReady(AbortSignal.timeout(50))).rejects.toThrow();
  });

  it('fails at once while it is gone, and comes back by itself', async () => {
    const redis = await RedisProcess.start();
    const store = await started(redis);
    await store.waitUntilReady();
    const { generation } = store;
    await redis.kill();
    await eventually('the loss is noticed', () => !store.isReady);
    expect(await took(() => store.run((client) => client.get('a')))).toBeLessThan(100);
    await redis.begin();
    await eventually('it is back', () => store.isReady);
    expect(store.generation).toBeGreaterThan(generation);
    await store.run((client) => client.set('a', '2'));
    expect(log.filter((line) => line.includes('is gone'))).toHaveLength(1);
    expect(log.at(-1)).toMatch(/is back$/);
  });

  it('waits for a silent one no longer than the timeout, and then not at all', async () => {
    const redis = await RedisProcess.start();
    const store = await started(redis);
    await store.waitUntilReady();
    redis.freeze();
    expect(await took(() => store.run((client) => client.get('a')))).toBeLessThan(1000);
    await eventually('the silent connection is given up', () => !store.isReady);
    expect(await took(() => store.run((client) => client.get('a')))).toBeLessThan(100);
    redis.thaw();
    await eventually('it is back', () => store.isReady);
    await store.run((client) => client.get('a'));
  });
});
