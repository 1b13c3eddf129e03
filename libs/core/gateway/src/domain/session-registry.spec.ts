import type { DeviceId, SessionId, UserId } from '@parley/kernel';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Audience, type LiveSocket, SessionRegistry } from './session-registry.js';

class FakeSocket implements LiveSocket {
  readonly principal;
  constructor(user: string, session: string) {
    this.principal = {
      userId: user as UserId,
      sessionId: session as SessionId,
      deviceId: `d-${session}` as DeviceId,
      roles: [],
    };
  }
  send(): void {
    // Only the audience matters here.
  }
  close(): void {
    // Only the audience matters here.
  }
}

const to = (part: Partial<Audience>): Audience => ({
  userIds: [],
  sessionIds: [],
  subscribersOf: '',
  exceptUserIds: [],
  exceptSessionId: '',
  joinedAfter: 0,
  joinedUntil: 0,
  ...part,
});

describe('SessionRegistry', () => {
  let registry: SessionRegistry;
  let ann1: FakeSocket;
  let ann2: FakeSocket;
  let ann2tab: FakeSocket;
  let bob: FakeSocket;

  const reached = (audience: Audience): LiveSocket[] => {
    const found: LiveSocket[] = [];
    expect(registry.visit(audience, (socket) => found.push(socket))).toBe(found.length);
    return found;
  };

  beforeEach(() => {
    registry = new SessionRegistry();
    [ann1, ann2, ann2tab, bob] = [
      new FakeSocket('ann', 'a1'),
      new FakeSocket('ann', 'a2'),
      new FakeSocket('ann', 'a2'),
      new FakeSocket('bob', 'b1'),
    ];
    for (const socket of [ann1, ann2, ann2tab, bob]) registry.add(socket);
  });

  it('finds all devices and tabs of a user', () => {
    expect(reached(to({ userIds: ['ann'] }))).toEqual([ann1, ann2, ann2tab]);
    expect(registry.size).toBe(4);
  });

  it('forgets a socket that closes while its subscription is being checked', () => {
    registry.remove(bob);
    expect(registry.subscribe(bob, 'c', 1)).toBe(false);
    expect(registry.subscribedConversations()).toEqual([]);
    expect(registry.subscribe(ann1, 'c', 1)).toBe(true);
    expect(reached(to({ subscribersOf: 'c' }))).toEqual([ann1]);
  });

  it('ends all subscriptions of a user who is no longer in the conversation, and says when nobody is left', () => {
    for (const socket of [ann1, ann2, bob]) registry.subscribe(socket, 'c', 1);
    expect(registry.expel(['ann', 'nobody'], 'c')).toBe(false);
    expect(reached(to({ subscribersOf: 'c' }))).toEqual([bob]);
    expect(registry.expel(['bob'], 'c')).toBe(true);
    expect(registry.expel(['bob'], 'c')).toBe(false);
    expect(registry.subscriptionsOf(ann1)).toBe(0);
  });

  it('reaches a socket once, however many ways lead to it', () => {
    registry.subscribe(ann1, 'c', 1);
    registry.subscribe(bob, 'c', 1);
    expect(reached(to({ userIds: ['ann'], sessionIds: ['a1', 'b1'], subscribersOf: 'c' }))).toEqual([
      ann1,
      ann2,
      ann2tab,
      bob,
    ]);
  });

  it('leaves out whom it is told to leave out', () => {
    expect(reached(to({ userIds: ['ann', 'bob'], exceptSessionId: 'a2', exceptUserIds: ['bob'] }))).toEqual([ann1]);
  });

  it('forgets a session with its last socket', () => {
    registry.add(new FakeSocket('bob', 'b2'));
    registry.remove(ann2);
    expect(registry.sessions().map((session) => session.sessionId)).toEqual(['a1', 'a2', 'b1', 'b2']);
    registry.remove(ann2tab);
    expect(reached(to({ userIds: ['ann'] }))).toEqual([ann1]);
    registry.remove(ann1);
    expect(registry.of({ userIds: ['ann'], sessionIds: [] })).toEqual([]);
    expect(registry.sessions().map((session) => session.sessionId)).toEqual(['b1', 'b2']);
  });

  it('tells the first and the last subscriber of a conversation, also when a socket just goes', () => {
    expect(registry.subscribe(ann1, 'c', 1)).toBe(true);
    expect(registry.subscribe(bob, 'c', 1)).toBe(false);
    expect(registry.subscriptionsOf(ann1)).toBe(1);
    expect(registry.subscribedConversations()).toEqual(['c']);
    expect(registry.unsubscribe(ann1, 'c')).toBe(false);
    expect(registry.remove(bob)).toEqual(['c']);
    expect(registry.subscribedConversations()).toEqual([]);
    expect(registry.unsubscribe(ann1, 'c')).toBe(false);
  });

  it('reaches the subscribers who joined after an event, or until then, and no others', () => {
    registry.subscribe(ann1, 'c', 4);
    registry.subscribe(bob, 'c', 5);
    const c = { subscribersOf: 'c' };
    expect(reached(to(c))).toEqual([ann1, bob]);
    expect(reached(to({ ...c, joinedUntil: 4 }))).toEqual([ann1]);
    expect(reached(to({ ...c, joinedAfter: 4 }))).toEqual([bob]);
    // Went, and was let in again: what was before is not theirs any more.
    registry.subscribe(ann1, 'c', 9);
    expect(reached(to({ ...c, joinedUntil: 4 }))).toEqual([]);
  });
});
