import { engine, type Engines, eventually, hasRedisServer, RedisProcess } from '@parley/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClusterUnderTest } from '../support/cluster-under-test.js';
import type { Device } from '../support/device.js';
import { login, type Person, people } from '../support/people.js';

const NEEDED: (keyof Engines)[] = ['mysql', 'kafka', 's3', 'consul'];
const isPossible = NEEDED.every((name) => engine(name) !== undefined) && hasRedisServer();
/** After the end of a fault, at the 99th percentile. */
const CONVERGED_MS = 10_000;
const EVERY_MS = 100;
/** Long ones are for the fault lane. */
const DOWN_MS = Number(process.env['PARLEY_FAULT_DOWN_MS'] ?? 3000);
const STOPPED_MS = Number(process.env['PARLEY_FAULT_STOPPED_MS'] ?? 4000);

/** What of Redis' fate users may notice: presence for a moment. Messages between gateways go on, on sockets that stay open. */
describe.skipIf(!isPossible)('losing Redis', () => {
  let redis: RedisProcess;
  let server: ClusterUnderTest;
  let alice: Person;
  let bob: Person;
  let carol: Person;
  let from: Device;
  let to: Device;
  let conversationId: string;

  beforeAll(async () => {
    redis = await RedisProcess.start();
    server = await ClusterUnderTest.start({
      name: 'redis-loss',
      replicas: { 'api-gateway': 2, delivery: 2, presence: 2 },
      engines: { redis: { url: redis.url } },
      env: { PARLEY_RATE_LIMITS: 'on' },
    });
    [alice, bob, carol] = (await people(server, 'alice', 'bob', 'carol')) as [Person, Person, Person];
    await alice.directWith(carol);
    conversationId = await alice.directWith(bob);
    // The gateways take turns: one each.
    [from, to] = [await alice.connect(), await bob.connect()];
  }, 120_000);

  afterAll(async () => {
    if (server?.isRunning === false) console.error(server.log());
    await server?.cluster.stop();
    await server?.cluster.remove();
    await redis?.end();
  }, 60_000);

  /** Sends on through what happens. Answers when all of it had arrived, in ms after the end of it, and the longest way of one message. */
  async function talkThrough(what: () => Promise<void>, afterwardsMs: number) {
    const sent: { seq: number; at: number }[] = [];
    const before = to.log(conversationId).length;
    let isOver = false;
    const arrived = new Map<number, number>();
    const watching = setInterval(() => {
      for (const { seq } of to.log(conversationId).slice(before))
        if (!arrived.has(seq)) arrived.set(seq, performance.now());
    }, 5);
    const talking = (async () => {
      while (!isOver) {
        const at = performance.now();
        const { seq } = await from.sendText(conversationId, 'through it all');
        sent.push({ seq, at });
        await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
      }
    })();
    await new Promise((resolve) => setTimeout(resolve, 5 * EVERY_MS));
    await what();
    const end = performance.now();
    await new Promise((resolve) => setTimeout(resolve, afterwardsMs));
    isOver = true;
    await talking;
    await eventually('all that was sent has arrived', () => sent.every(({ seq }) => arrived.has(seq)), {
      deadlineMs: CONVERGED_MS,
    });
    clearInterval(watching);
    const seqs = to.log(conversationId).map((event) => event.seq);
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    expect(to.connected && from.connected).toBe(true);
    expect(to.all('session:closing')).toEqual([]);
    const ways = sent.map(({ seq, at }) => (arrived.get(seq) as number) - at);
    const healed = Math.max(0, Math.max(...[...arrived.values()].filter((_, i) => (sent[i]?.at ?? 0) < end)) - end);
    console.info(
      `${sent.length} sent, longest way ${Math.round(Math.max(...ways))} ms, healed ${Math.round(healed)} ms after`,
    );
    return { longestWayMs: Math.max(...ways) };
  }

  const ready = (name: 'presence-1' | 'identity-1' | 'api-gateway-1') =>
    fetch(`${server.cluster.process(name).adminUrl}/readyz`).then(
      async (answer) => (await answer.json()) as { ready: boolean; dependencies: Record<string, { ok: boolean }> },
    );

  it('everything in it at once: no message is late, and presence knows all again within seconds', async () => {
    await from.request('presence:subscribe', { userIds: [carol.id] });
    const { longestWayMs } = await talkThrough(async () => void (await redis.ask('FLUSHALL')), 2000);
    expect(longestWayMs).toBeLessThan(CONVERGED_MS);
    await eventually(
      'presence knows who is online',
      async () => {
        const { items } = await alice.api.get<{ items: { online: boolean }[] }>(`/presence?userIds=${bob.id}`);
        return items[0]?.online;
      },
      { deadlineMs: 30_000 },
    );
    // Alice did not ask again for whom she watches.
    await carol.connect();
    await from.next('presence:changed', ({ userId, online }) => userId === carol.id && online === true, 15_000);
  });

  it('its process killed, for a while, and started empty', async () => {
    const { longestWayMs } = await talkThrough(async () => {
      await redis.kill();
      await eventually('it is shown', async () => !(await ready('presence-1')).dependencies['redis']?.ok);
      const { ready: isReady, dependencies } = await ready('identity-1');
      expect([isReady, dependencies['redis']?.ok]).toEqual([true, false]);
      // Who comes now is let in, is limited, and misses nothing.
      await login(server, bob.username, 'laptop');
      await new Promise((resolve) => setTimeout(resolve, DOWN_MS));
      await redis.begin();
    }, 4000);
    // Not paused for the outage: everything goes to both gateways meanwhile.
    expect(longestWayMs).toBeLessThan(DOWN_MS);
    await eventually('it is shown', async () => (await ready('presence-1')).ready, { deadlineMs: 10_000 });
  });

  it('its process stopped, and woken', async () => {
    await talkThrough(async () => {
      redis.freeze();
      await new Promise((resolve) => setTimeout(resolve, STOPPED_MS));
      redis.thaw();
    }, 4000);
  });

  it('login stays limited without it', async () => {
    await redis.kill();
    const guess = () =>
      alice.api.call('POST', '/auth/login', { body: { username: bob.username, password: 'a guess of somebody' } });
    await eventually('a refusal', async () => (await guess()).status === 429, { deadlineMs: 30_000 });
    await redis.begin();
  });
});
