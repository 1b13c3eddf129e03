import { randomUUID } from 'node:crypto';
import { GrpcClients, StaticAddresses } from '@parley/adapter-grpc';
import { ConsulRegistry } from '@parley/adapter-consul';
import { type CallOptions, gatewayV1 } from '@parley/contracts/rpc';
import { engine, eventually, freePort, SourceProcess } from '@parley/testing';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AnsweringProcess } from './testing/answering-process.js';

const FIXTURE = new URL('./testing/answering-process.ts', import.meta.url);
const serviceToken = 'token of the services of this test';
const REQUEST = { sessionIds: [], userIds: [], code: '', action: '' };

interface Outcome {
  by: number | string;
  startedAt: number;
  tookMs: number;
}

// A process takes a second to start, and more where others start as well.
describe('several processes of a service', { timeout: 60_000 }, () => {
  let processes: SourceProcess[];
  let ports: number[];
  let clients: GrpcClients;

  const start = (number: number, port: number, more: Partial<AnsweringProcess> = {}) =>
    SourceProcess.start(FIXTURE, JSON.stringify({ number, port, serviceToken, delayMs: 2, ...more }));
  const call = async (options: CallOptions = {}): Promise<Outcome> => {
    const startedAt = performance.now();
    const by = await clients
      .of(gatewayV1.GatewayNodeServiceService)
      .closeSessions(REQUEST, options)
      .then(
        ({ closed }) => closed,
        (error: { code: string }) => error.code,
      );
    return { by, startedAt, tookMs: performance.now() - startedAt };
  };
  const numbers = (outcomes: Outcome[]) => [...new Set(outcomes.map(({ by }) => by))].sort();

  /** Calls without pause, so many at once, until told to end. */
  function load(atOnce: number, options: CallOptions): () => Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    let isOver = false;
    const loops = Array.from({ length: atOnce }, async () => {
      while (!isOver) {
        outcomes.push(await call(options));
        // What is refused at once must not spin.
        await pause(1);
      }
    });
    return async () => {
      isOver = true;
      await Promise.all(loops);
      return outcomes;
    };
  }

  beforeAll(async () => {
    ports = await Promise.all([freePort(), freePort(), freePort()]);
    processes = await Promise.all(ports.map((port, number) => start(number, port)));
  }, 60_000);

  beforeEach(async () => {
    for (const [number, one] of processes.entries()) {
      one.wake();
      if (one.isOver) processes[number] = await start(number, ports[number] as number);
    }
    const named = Object.fromEntries(ports.map((port, number) => [`n${number}`, `127.0.0.1:${port}`]));
    clients = new GrpcClients({ addresses: new StaticAddresses({}, { 'api-gateway': named }), serviceToken });
    // Every connection is there before anything happens to one.
    await Promise.all([0, 1, 2].map((number) => call({ instance: `n${number}` })));
  }, 60_000);

  afterEach(() => clients.close());

  afterAll(async () => {
    for (const one of processes) one.wake();
    await Promise.all(processes.map((one) => one.kill()));
  });

  it('share the calls', async () => {
    const outcomes = await Promise.all(Array.from({ length: 300 }, () => call()));
    for (const number of [0, 1, 2]) {
      const share = outcomes.filter(({ by }) => by === number).length;
      expect(share).toBeGreaterThan(60);
      expect(share).toBeLessThan(160);
    }
  });

  it('take the calls of one that is killed: no repeatable call fails, nor takes longer than a moment', async () => {
    const end = load(32, { repeatable: true });
    await pause(300);
    await processes[1]?.kill();
    await pause(700);
    const outcomes = await end();
    expect(numbers(outcomes)).toEqual([0, 1, 2]);
    expect(Math.max(...outcomes.map(({ tookMs }) => tookMs))).toBeLessThan(500);
  });

  it('lose of other calls only those that it had begun', async () => {
    const end = load(32, { repeatable: false });
    await pause(300);
    await processes[1]?.kill();
    const goneAt = performance.now();
    await pause(700);
    const outcomes = await end();
    const failed = outcomes.filter(({ by }) => by === 'server.unavailable');
    expect(failed.length).toBeLessThanOrEqual(32);
    for (const { startedAt } of failed) expect(startedAt).toBeLessThan(goneAt + 50);
  });

  it('get it back soon after it was started again', async () => {
    await processes[1]?.kill();
    await eventually('left', async () => (await call()).by !== 1);
    processes[1] = await start(1, ports[1] as number);
    const startedAt = performance.now();
    await eventually('asked again', async () => (await call()).by === 1, { deadlineMs: 4000 });
    expect(performance.now() - startedAt).toBeLessThan(2500);
  });

  it('take the calls of one that is frozen within its deadline, and it does nothing late when it wakes up', async () => {
    const before = await processes[2]?.ask<number>('count');
    const end = load(16, { repeatable: true });
    await pause(300);
    const frozenAt = performance.now();
    processes[2]?.stop();
    await pause(5000);
    const answered = (await end()).filter(({ by }) => by === 2).length;
    const outcomes = await end();
    expect(numbers(outcomes)).toEqual([0, 1, 2]);
    expect(Math.max(...outcomes.map(({ tookMs }) => tookMs))).toBeLessThan(3700);
    const late = outcomes.filter(({ startedAt, tookMs }) => startedAt > frozenAt + 3500 && tookMs > 500);
    expect(late).toEqual([]);
    processes[2]?.wake();
    await eventually('asked again', async () => (await call()).by === 2, { deadlineMs: 5000 });
    // Those that it had begun before, answered or not, and the one just now; none of those that waited in its connection.
    const begun = (await processes[2]?.ask<number>('count')) ?? 0;
    expect(begun - (before ?? 0) - answered).toBeLessThanOrEqual(16 + 1);
  });

  it('get calls with a key by the key, and share those of one that is gone', async () => {
    const keys = Array.from({ length: 60 }, (_, at) => `conversation ${at}`);
    const spread = () => Promise.all(keys.map(async (key) => (await call({ key })).by));
    const before = await spread();
    expect([...new Set(before)].sort()).toEqual([0, 1, 2]);
    expect(await spread()).toEqual(before);
    await processes[0]?.kill();
    await eventually('left', async () => !(await spread()).includes('server.unavailable'));
    const after = await spread();
    for (const [at, by] of before.entries()) if (by !== 0) expect(after[at]).toBe(by);
    expect(after).not.toContain(0);
  });

  it('is not asked any more by a caller that would have to wait for it in vain, and its name alone says so at once', async () => {
    await processes[1]?.kill();
    await eventually('noticed', async () => (await call({ instance: 'n1' })).tookMs < 20);
    expect(await call({ instance: 'n1' })).toMatchObject({ by: 'server.unavailable' });
    expect(await clients.isGone(gatewayV1.GatewayNodeServiceService, 'n1')).toBe(true);
    expect(await clients.isGone(gatewayV1.GatewayNodeServiceService, 'n0')).toBe(false);
    expect(await clients.isGone(gatewayV1.GatewayNodeServiceService)).toBe(false);
    processes[0]?.stop();
    expect(await clients.isGone(gatewayV1.GatewayNodeServiceService, 'n0')).toBe(false);
  });

  it('end in order without a failed call, repeatable or not', async () => {
    const end = load(16, { repeatable: false });
    await pause(300);
    await processes[1]?.ask('end');
    await processes[1]?.kill();
    await pause(300);
    expect(numbers(await end())).toEqual([0, 1, 2]);
  });

  it.skipIf(engine('consul') === undefined)(
    'leave the registry when they are frozen, and come back when they wake up',
    async () => {
      const prefix = `test-${randomUUID().slice(0, 8)}-`;
      const url = engine('consul')?.url ?? '';
      const addresses = new ConsulRegistry({ url, prefix }).follow(['api-gateway']);
      const named = await Promise.all(
        [7, 8].map(async (number) =>
          start(number, await freePort(), { consul: { url, prefix, instance: `${prefix}${number}` } }),
        ),
      );
      const names = () => addresses.of('api-gateway').map(({ instance }) => instance.slice(prefix.length));
      await eventually('both', () => names().length === 2);
      const frozenAt = performance.now();
      named[0]?.stop();
      await eventually('left', () => names().join() === '8', { deadlineMs: 12_000 });
      expect(performance.now() - frozenAt).toBeLessThan(10_000);
      expect(addresses.hasLeft('api-gateway', `${prefix}7`)).toBe(false);
      named[0]?.wake();
      await eventually('back', () => names().length === 2, { deadlineMs: 5000 });
      addresses.close();
      for (const one of named) await one.kill();
      for (const number of [7, 8])
        await fetch(`${url}/v1/agent/service/deregister/${prefix}${number}`, { method: 'PUT' });
    },
  );
});
