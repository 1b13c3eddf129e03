import { InProcessBus } from '@parley/adapter-in-process';
import type { messageV1 } from '@parley/contracts/rpc';
import { type LiveSocket, SessionRegistry } from '@parley/core-gateway';
import type { Principal } from '@parley/kernel';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SubscriptionCheck } from './subscription-check.js';

class Socket implements LiveSocket {
  closing: unknown[] | undefined;
  constructor(readonly principal: Principal) {}
  send(): void {}
  close(...why: unknown[]): void {
    this.closing = why;
  }
}

let registry: SessionRegistry;
let check: SubscriptionCheck;
let members: Set<string>;
let asked: number[];
let isDown: boolean;

beforeEach(() => {
  vi.useFakeTimers();
  Logger.overrideLogger(false);
  registry = new SessionRegistry();
  members = new Set();
  asked = [];
  isDown = false;
  const bus = new InProcessBus();
  bus.bind('MessageService/CheckMembers', async (request) => {
    if (isDown) throw new Error('down');
    const { userIds } = request as messageV1.CheckMembersRequest;
    asked.push(userIds.length);
    return { members: userIds.filter((id) => members.has(id)).map((userId) => ({ userId })), kind: 'room' };
  });
  check = new SubscriptionCheck(bus, registry);
  check.onApplicationBootstrap();
});

afterEach(() => {
  check.onModuleDestroy();
  Logger.overrideLogger(true);
  vi.useRealTimers();
});

function subscribe(userId: string, conversationId = 'room'): Socket {
  members.add(userId);
  const socket = new Socket({ userId, sessionId: `s-${userId}`, deviceId: 'd', roles: [] } as unknown as Principal);
  registry.add(socket);
  registry.subscribe(socket, conversationId, 1);
  return socket;
}

it('finds the subscriber of a huge room whose expulsion got lost', async () => {
  const [ann, bob] = [subscribe('ann'), subscribe('bob')];
  await vi.advanceTimersByTimeAsync(60_000);
  expect([ann.closing, bob.closing]).toEqual([undefined, undefined]);
  members.delete('bob');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(ann.closing).toBeUndefined();
  expect(bob.closing).toEqual(['server.unavailable', 'reconnect', expect.any(Number)]);
});

it('asks about many in several questions, and sends nobody away because nobody answers', async () => {
  const sockets = Array.from({ length: 1200 }, (_, n) => subscribe(`u${n}`));
  isDown = true;
  await vi.advanceTimersByTimeAsync(60_000);
  isDown = false;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked.slice(0, 3)).toEqual([500, 500, 200]);
  expect(sockets.filter(({ closing }) => closing !== undefined)).toEqual([]);
});
