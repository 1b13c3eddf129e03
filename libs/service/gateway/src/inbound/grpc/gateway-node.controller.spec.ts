import type { gatewayV1 } from '@parley/contracts/rpc';
import { type LiveSocket, MembershipMarks, RevokedSessions, SessionRegistry } from '@parley/core-gateway';
import type { Principal } from '@parley/kernel';
import { SystemClock } from '@parley/platform';
import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PresenceReporter } from '../../outbound/presence-reporter.js';
import type { PolicyReloader } from '../../policy/policy-reloader.js';
import { GatewayNodeController } from './gateway-node.controller.js';

class Socket implements LiveSocket {
  readonly got: string[] = [];
  closing: unknown[] | undefined;
  constructor(readonly principal: Principal) {}
  send(frame: string): void {
    const [event, payload] = JSON.parse(frame.slice(1)) as [string, { seq?: number }];
    this.got.push(event === 'conversation:events' ? `${payload.seq}` : event);
  }
  close(...why: unknown[]): void {
    this.closing = why;
  }
}

describe('GatewayNodeController', () => {
  let now: number;
  let registry: SessionRegistry;
  let node: GatewayNodeController;
  let unsubscribed: string[];

  beforeAll(() => Logger.overrideLogger(false));
  afterAll(() => Logger.overrideLogger(true));
  beforeEach(() => {
    now = 100_000;
    unsubscribed = [];
    registry = new SessionRegistry(() => now);
    node = start();
  });

  const start = () =>
    new GatewayNodeController(
      registry,
      { requireLease: () => undefined } as unknown as PolicyReloader,
      new RevokedSessions(new SystemClock(), 1000),
      { unsubscribed: (id: string) => unsubscribed.push(id) } as unknown as PresenceReporter,
      new MembershipMarks(() => now),
    );
  const connect = (userId: string, ...subscribed: string[]) => {
    const socket = new Socket({ userId, sessionId: `s-${userId}`, deviceId: 'd', roles: [] } as unknown as Principal);
    registry.add(socket);
    for (const id of subscribed) registry.subscribe(socket, id, 1);
    return socket;
  };
  const delivery = (event: string, membersSeq: number, userIds: string[], subscribersOf = ''): gatewayV1.Delivery => ({
    userIds,
    sessionIds: [],
    subscribersOf,
    exceptUserIds: [],
    exceptSessionId: '',
    joinedAfter: 0,
    joinedUntil: 0,
    event,
    payloadJson: JSON.stringify({ conversationId: 'c', seq: membersSeq }),
    conversationId: 'c',
    membersSeq,
  });
  const events = (seq: number, ...userIds: string[]) => delivery('conversation:events', seq, userIds);
  const hand = (deliveries: gatewayV1.Delivery[], more: Partial<gatewayV1.DeliverRequest> = {}) =>
    node.deliver({ deliveries, process: '', missed: undefined, ...more });
  const expel = (seq: number, ...userIds: string[]) =>
    node.expelMembers({ departures: [{ conversationId: 'c', userIds, seq }] });

  it('gives a removed member nothing of a batch that a delivery kept while it was stopped', () => {
    const [ann, bob] = [connect('ann'), connect('bob')];
    hand([events(7, 'ann', 'bob')]);
    expel(10, 'bob');
    hand([events(8, 'ann', 'bob'), delivery('typing', 9, ['ann', 'bob'])]);
    expect(bob.got).toEqual(['7']);
    expect(ann.got).toEqual(['7', '8', 'typing']);
    hand([delivery('conversation:removed', 10, ['bob'])]);
    expect(bob.got).toEqual(['7', 'conversation:removed']);
  });

  it('also gives it nothing on a socket that it opens afterwards', () => {
    expel(10, 'bob');
    const bob = connect('bob');
    expect(hand([events(9, 'bob')]).sockets).toEqual([0]);
    expect(bob.got).toEqual([]);
  });

  it('keeps a member who came back from the removal that the old owner of the partition still had', () => {
    const bob = connect('bob', 'c');
    expel(10, 'bob');
    expect(unsubscribed).toEqual(['c']);
    hand([delivery('conversation:removed', 10, ['bob'])]);
    hand([delivery('conversation:added', 12, ['bob']), events(12, 'bob')]);
    registry.subscribe(bob, 'c', 1);
    hand([events(9, 'bob'), delivery('conversation:removed', 10, ['bob'])]);
    expel(10, 'bob');
    hand([events(13, 'bob'), delivery('conversation:events', 14, [], 'c')]);
    expect(bob.got).toEqual(['conversation:removed', 'conversation:added', '12', '13', '14']);
  });

  it('of a room with subscribers, ends the removed one’s subscription before the removal is acked', () => {
    const [ann, bob] = [connect('ann', 'c'), connect('bob', 'c')];
    expel(10, 'bob');
    hand([delivery('conversation:events', 11, [], 'c')]);
    expect([ann.got, bob.got]).toEqual([['11'], []]);
  });

  it('takes nothing that was meant for the process before it', () => {
    const ann = connect('ann');
    const { process } = hand([]);
    expect(hand([events(1, 'ann')], { process }).sockets).toEqual([1]);
    node = start();
    const answer = hand([events(2, 'ann')], { process });
    expect(answer.sockets).toEqual([]);
    expect(hand([events(3, 'ann')], { process: answer.process }).sockets).toEqual([1]);
    expect(ann.got).toEqual(['1', '3']);
  });

  it('sends those back who were given up while it did not answer, and nobody who came later', () => {
    const [ann, bob, cat] = [connect('ann'), connect('bob'), connect('cat', 'c')];
    now += 5000;
    const late = connect('ann');
    now += 1000;
    const missed = { userIds: ['ann'], sessionIds: [], conversationIds: ['c'], everybody: false, newestAgeMs: 2000 };
    hand([], { missed });
    const back = ['server.unavailable', 'reconnect', expect.any(Number)];
    expect([ann.closing, cat.closing]).toEqual([back, back]);
    expect([bob.closing, late.closing]).toEqual([undefined, undefined]);
    hand([], { missed: { ...missed, everybody: true } });
    expect([bob.closing, late.closing]).toEqual([back, undefined]);
  });
});
