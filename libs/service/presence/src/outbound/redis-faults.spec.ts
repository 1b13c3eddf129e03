import { RedisStore } from '@parley/adapter-redis';
import { GRACE_MS } from '@parley/core-presence';
import { FakeClock } from '@parley/core-presence/testing';
import type { Clock } from '@parley/kernel';
import { eventually, hasRedisServer, RedisProcess } from '@parley/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RedisSessionDirectory } from './redis-session-directory.js';

const nothing = { userIds: [], conversationIds: [], sessionIds: [] };
const session = (userId: string) => ({ userId, sessionId: `${userId}-1` });
const LATE_MS = 11_000;

describe.skipIf(!hasRedisServer())('RedisSessionDirectory on a Redis that fails', () => {
  let redis: RedisProcess;
  const stores: RedisStore[] = [];

  beforeEach(async () => {
    redis = await RedisProcess.start();
  });

  afterEach(async () => {
    for (const store of stores.splice(0)) store.close();
    await redis.end();
  });

  async function instance(clock?: Clock) {
    const store = new RedisStore({ url: redis.url, commandTimeoutMs: 300 });
    stores.push(store);
    await store.waitUntilReady();
    return { store, directory: new RedisSessionDirectory(store, clock) };
  }

  const located = async (directory: RedisSessionDirectory, ...userIds: string[]) => {
    const { nodes, settledNodeIds } = await directory.locate({ ...nothing, userIds });
    return { at: nodes.map((node) => [node.nodeId, ...node.userIds]), settled: settledNodeIds };
  };

  /** As a gateway does it: tells what it has, and says so when that is done. */
  async function tell(directory: RedisSessionDirectory, ...userIds: string[]): Promise<string> {
    const { lease } = await directory.open('n1', userIds.map(session));
    await directory.renew('n1', lease);
    return lease;
  }

  const settledAgain = (directory: RedisSessionDirectory, ...userIds: string[]) =>
    eventually('the node is settled', async () => {
      await tell(directory, ...userIds);
      return (await located(directory)).settled.includes('n1');
    });

  it('says in the very next answer that everything is gone, by its own time and for several instances', async () => {
    const [one, other] = [await instance(), await instance()];
    await settledAgain(one.directory, 'ann');
    await settledAgain(other.directory, 'ann');
    for (const { directory } of [one, other])
      expect(await located(directory, 'ann')).toEqual({ at: [['n1', 'ann']], settled: ['n1'] });
    const lease = await one.directory.renew('n1', '');
    await redis.ask('FLUSHALL');
    for (const { directory } of [one, other]) expect(await located(directory, 'ann')).toEqual({ at: [], settled: [] });
    expect(await other.directory.renew('n1', lease)).not.toBe(lease);
    expect((await located(one.directory, 'ann')).settled).toEqual([]);
    await tell(other.directory, 'ann');
    await eventually('settled at the other instance', async () => (await located(one.directory)).settled.length === 1);
    expect((await located(one.directory, 'ann')).at).toEqual([['n1', 'ann']]);
  });

  it('does not believe what a restarted Redis had saved', async () => {
    const clock = new FakeClock();
    const { store, directory } = await instance(clock);
    const before = await tell(directory, 'ann', 'bob');
    expect(await redis.ask('SAVE')).toContain('OK');
    // Not saved: bob leaves, cat comes.
    await directory.close('n1', [session('bob')]);
    await directory.open('n1', [session('cat')]);
    await redis.kill();
    await eventually('the loss is noticed', () => !store.isReady);
    await expect(directory.locate({ ...nothing, userIds: ['ann'] })).rejects.toMatchObject({
      code: 'server.unavailable',
    });
    clock.at += 1;
    await redis.begin();
    await eventually('it is back', () => store.isReady);
    expect((await located(directory)).settled).toEqual([]);
    const after = await directory.renew('n1', before);
    expect(after).not.toBe(before);
    expect((await located(directory, 'ann', 'bob', 'cat')).at).toEqual([]);
    await directory.open('n1', [session('ann'), session('cat')]);
    expect((await located(directory, 'ann', 'bob', 'cat')).at).toEqual([['n1', 'ann', 'cat']]);
    // Nobody who came back is taken for gone; who did not is, when the nodes had their time.
    expect(await directory.expire()).toEqual([]);
    clock.at += LATE_MS;
    await directory.renew('n1', after);
    expect((await directory.expire()).map(({ userIds, sessionIds }) => [...userIds, ...sessionIds])).toEqual([
      ['bob', 'bob-1'],
    ]);
    clock.at += GRACE_MS;
    expect((await directory.departed()).map(({ userId }) => userId)).toEqual(['bob']);
    expect((await located(directory, 'ann', 'bob', 'cat')).at).toEqual([['n1', 'ann', 'cat']]);
  });

  it('answers within its timeout while Redis hangs, and trusts nobody’s word from before that', async () => {
    const { store, directory } = await instance();
    await settledAgain(directory, 'ann');
    redis.freeze();
    const start = performance.now();
    await expect(directory.open('n1', [session('bob')])).rejects.toMatchObject({ code: 'server.unavailable' });
    expect(performance.now() - start).toBeLessThan(1000);
    await eventually('the silent connection is given up', () => !store.isReady);
    const again = performance.now();
    await expect(directory.renew('n1', '')).rejects.toMatchObject({ code: 'server.unavailable' });
    expect(performance.now() - again).toBeLessThan(100);
    redis.thaw();
    await eventually('it is back', () => store.isReady);
    // Everything is there still, but what was told in between may have been lost.
    expect(await located(directory, 'ann')).toEqual({ at: [['n1', 'ann']], settled: [] });
    await settledAgain(directory, 'ann', 'bob');
    expect((await located(directory, 'ann', 'bob')).at).toEqual([['n1', 'ann', 'bob']]);
  });

  it('goes on with clearing where an instance died over it', async () => {
    const clock = new FakeClock();
    const { store, directory } = await instance(clock);
    const users = Array.from({ length: 700 }, (_, index) => `u${index}`);
    await directory.open('n1', users.map(session));
    clock.at += 30_001;
    // An instance claims the lease, clears a part, and is heard of no more.
    const { store: dead, directory: dying } = await instance(clock);
    const clearing = dying.expire();
    await eventually('a part is cleared', async () => (await store.client.zcard('p:grace')) > 0);
    dead.close();
    await clearing.catch(() => undefined);
    clock.at += 15_001;
    await directory.expire();
    clock.at += GRACE_MS;
    expect(new Set((await directory.departed()).map(({ userId }) => userId))).toEqual(new Set(users));
    expect(await store.client.keys('p:*')).toEqual(['p:epoch']);
  });
});
