import { InProcessBus } from '@parley/adapter-in-process';
import type { presenceV1 } from '@parley/contracts/rpc';
import { type LiveSocket, SessionRegistry } from '@parley/core-gateway';
import type { Principal } from '@parley/kernel';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { WatchKeeper } from './watch-keeper.js';

const sessionOf = (n: number) =>
  ({ userId: `u${n}`, sessionId: `s${n}`, deviceId: 'd', roles: [] }) as unknown as Principal;

let watches: WatchKeeper;
let hidden: Set<string>;
let asked: string[];
let unwatched: [string, string[]][];
let isDown: boolean;

beforeEach(() => {
  vi.useFakeTimers();
  Logger.overrideLogger(false);
  hidden = new Set();
  asked = [];
  unwatched = [];
  isDown = false;
  const bus = new InProcessBus();
  const states = (userIds: string[]) => ({
    states: userIds.filter((id) => !hidden.has(id)).map((userId) => ({ userId, online: true, lastSeenAt: 0 })),
  });
  bus.bind('PresenceService/Watch', async (request) => states((request as presenceV1.WatchRequest).userIds));
  bus.bind('PresenceService/GetPresence', async (request) => {
    const { actorId, userIds } = request as presenceV1.GetPresenceRequest;
    asked.push(actorId);
    if (isDown) throw new Error('down');
    return states(userIds);
  });
  bus.bind('PresenceService/Unwatch', async (request) => {
    const { sessionId, userIds } = request as presenceV1.UnwatchRequest;
    unwatched.push([sessionId, userIds]);
    return {};
  });
  const registry = new SessionRegistry();
  for (let n = 0; n < 120; n += 1)
    registry.add({ principal: sessionOf(n), send: () => undefined, close: () => undefined } satisfies LiveSocket);
  watches = new WatchKeeper(bus, registry);
  watches.onApplicationBootstrap();
});

afterEach(() => {
  watches.onModuleDestroy();
  Logger.overrideLogger(true);
  vi.useRealTimers();
});

it('ends a watch that has outlived the last common group', async () => {
  await watches.watch(sessionOf(1), ['ann', 'bob']);
  await vi.advanceTimersByTimeAsync(61_000);
  expect(unwatched).toEqual([]);
  hidden.add('bob');
  await vi.advanceTimersByTimeAsync(61_000);
  expect(unwatched).toEqual([['s1', ['bob']]]);
  isDown = true;
  await vi.advanceTimersByTimeAsync(61_000);
  expect(unwatched, 'nothing is known').toHaveLength(1);
});

it('judges all within a minute, a few at a time', async () => {
  for (let n = 0; n < 120; n += 1) await watches.watch(sessionOf(n), ['ann']);
  await vi.advanceTimersByTimeAsync(1500);
  expect(asked).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(59_000);
  expect(new Set(asked).size).toBe(120);
});
