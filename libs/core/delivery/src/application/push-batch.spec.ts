import { Clock } from '@parley/kernel';
import { beforeEach, describe, expect, it } from 'vitest';
import { appended, conversationEvent, InMemoryMemberReader, InMemoryWorld } from '../testing/index.js';
import { AnnounceToOwner } from './announce-to-owner.js';
import { Dispatcher } from './dispatcher.js';
import { FanOutAppended } from './fan-out-appended.js';
import { MemberProjection } from './member-projection.js';
import { NodeLanes } from './node-lanes.js';
import { type Push, PushBatch } from './push-batch.js';

class FakeClock extends Clock {
  at = 1_700_000_000_000;
  now(): number {
    return this.at;
  }
}

const push = (more: Partial<Push>): Push => ({
  userIds: [],
  conversationId: '',
  sessionIds: [],
  exceptUserIds: [],
  exceptSessionId: '',
  event: 'x',
  payloadJson: '{}',
  ...more,
});

describe('PushBatch', () => {
  let world: InMemoryWorld;
  let reader: InMemoryMemberReader;
  let clock: FakeClock;
  let members: MemberProjection;
  let dispatcher: Dispatcher;
  let pushBatch: PushBatch;

  beforeEach(() => {
    world = new InMemoryWorld();
    reader = new InMemoryMemberReader();
    clock = new FakeClock();
    members = new MemberProjection(reader, clock, (count) => count > 3, { maxMembers: 6 });
    dispatcher = new Dispatcher(world, new NodeLanes(world.nodes, () => clock.now()));
    pushBatch = new PushBatch(members, dispatcher);
    reader.set('c', { ann: 1, bob: 1 });
    world.connect('n1', 'ann');
    world.connect('n1', 'ann', 'phone');
    world.connect('n2', 'bob');
    world.connect('n2', 'cat', 'cat', 'big');
  });

  it('reaches users, sessions and members, each socket once, and says which pushes arrived', async () => {
    const reached = await pushBatch.execute([
      push({ userIds: ['ann'], conversationId: 'c' }),
      push({ sessionIds: ['phone'] }),
      push({ userIds: ['nobody'] }),
      push({ userIds: ['ann'], exceptSessionId: 'phone' }),
      push({ conversationId: 'c', exceptUserIds: ['ann'] }),
    ]);
    expect(reached).toEqual([true, true, false, true, true]);
    expect(world.payloadsOf('ann', 'x')).toHaveLength(2 + 1 + 1);
    expect(world.payloadsOf('bob', 'x')).toHaveLength(2);
    expect(world.questions).toHaveLength(1);
  });

  it('says how new the list of members is that a push went by: the log it follows may stand still while somebody is removed', async () => {
    reader.headSeq = 7;
    await pushBatch.execute([push({ conversationId: 'c' })]);
    const fanOut = new FanOutAppended(members, dispatcher, clock);
    await fanOut.execute([appended([8, 9])]);
    await pushBatch.execute([push({ conversationId: 'c' }), push({ userIds: ['ann'] })]);
    const pushes = world.calls.flatMap(({ deliveries }) => deliveries.filter(({ event }) => event === 'x'));
    expect(pushes.filter(({ userIds }) => userIds.includes('ann')).map((one) => one.membersSeq)).toEqual([7, 9, 0]);
  });

  it('reaches the subscribers of a large conversation', async () => {
    reader.set('big', { ann: 1, bob: 1, cat: 1, dan: 1 });
    expect(await pushBatch.execute([push({ conversationId: 'big' })])).toEqual([true]);
    expect(world.payloadsOf('cat', 'x')).toHaveLength(1);
    expect(world.payloadsOf('ann', 'x')).toHaveLength(0);
  });

  it('trusts a list for a moment only, unless the conversation’s events come by', async () => {
    await pushBatch.execute([push({ conversationId: 'c' })]);
    await pushBatch.execute([push({ conversationId: 'c' })]);
    expect(reader.reads).toBe(1);
    clock.at += 2000;
    await pushBatch.execute([push({ conversationId: 'c' })]);
    expect(reader.reads).toBe(2);
    await new FanOutAppended(members, dispatcher, clock).execute([appended([1])]);
    clock.at += 2000;
    const before = reader.reads;
    await pushBatch.execute([push({ conversationId: 'c' })]);
    expect(reader.reads).toBe(before);
  });

  it('does not trust a list any more whose events go to another process', async () => {
    const fanOut = new FanOutAppended(members, dispatcher, clock);
    await fanOut.execute([appended([1])]);
    fanOut.lost(() => true);
    reader.set('c', { ann: 1 });
    await pushBatch.execute([push({ conversationId: 'c' })]);
    expect(world.payloadsOf('bob', 'x')).toEqual([]);
    reader.set('c', { ann: 1, bob: 1 });
    clock.at += 600;
    await pushBatch.execute([push({ conversationId: 'c' })]);
    expect(world.payloadsOf('bob', 'x')).toHaveLength(1);
  });

  it('reads a conversation once when many ask at the same time', async () => {
    await Promise.all([1, 2, 3].map(() => pushBatch.execute([push({ conversationId: 'c' })])));
    expect(reader.reads).toBe(1);
  });

  it('keeps a removal that is consumed while the list is being read for a push', async () => {
    await pushBatch.execute([push({ conversationId: 'c' })]);
    clock.at += 2000;
    const typing = pushBatch.execute([push({ conversationId: 'c' })]);
    const fanOut = new FanOutAppended(members, dispatcher, clock);
    const fresh = (seq: number) => ({ events: [conversationEvent(seq, { at: clock.at })] });
    await fanOut.execute([appended([5], { ...fresh(5), goneUserIds: ['bob'] })]);
    await typing;
    await fanOut.execute([appended([6], fresh(6))]);
    expect(world.storyOf('ann')).toContain('6');
    expect(world.storyOf('bob')).not.toContain('6');
  });

  it('forgets the lists used longest ago when they are too many', async () => {
    for (const id of ['c1', 'c2', 'c3']) {
      reader.set(id, { ann: 1 });
      await pushBatch.execute([push({ conversationId: id })]);
    }
    await pushBatch.execute([push({ conversationId: 'c1' })]);
    reader.set('c4', { ann: 1 });
    await pushBatch.execute([push({ conversationId: 'c4' })]);
    expect(members.known('c2')).toBeUndefined();
    expect(members.known('c1')).toBeDefined();
  });

  it('tells a user about a changed contact', async () => {
    await new AnnounceToOwner(dispatcher).execute('contact:changed', [
      { userId: 'ann', payloadJson: '{"change":"added","userId":"bob","contact":{"remark":"B"}}' },
      { userId: 'bob', payloadJson: '{"change":"removed","userId":"ann"}' },
    ]);
    expect(world.payloadsOf('ann', 'contact:changed')[0]).toEqual({
      change: 'added',
      userId: 'bob',
      contact: { remark: 'B' },
    });
    expect(world.payloadsOf('bob', 'contact:changed')).toEqual([{ change: 'removed', userId: 'ann' }]);
  });
});
