import { Clock } from '@parley/kernel';
import { beforeEach, describe, expect, it } from 'vitest';
import { appended, conversationEvent, InMemoryMemberReader, InMemoryWorld } from '../testing/index.js';
import { Dispatcher } from './dispatcher.js';
import { FanOutAppended } from './fan-out-appended.js';
import { MemberProjection } from './member-projection.js';
import { NodeLanes } from './node-lanes.js';

class FakeClock extends Clock {
  at = 1_700_000_000_000;
  now(): number {
    return this.at;
  }
}

describe('FanOutAppended', () => {
  let world: InMemoryWorld;
  let reader: InMemoryMemberReader;
  let clock: FakeClock;
  let fanOut: FanOutAppended;

  const joins = (seq: number, ...userIds: string[]) => ({
    events: [conversationEvent(seq, { type: 'member.joined' })],
    joinedUserIds: userIds,
  });
  const goes = (seq: number, ...userIds: string[]) => ({
    events: [conversationEvent(seq, { type: 'member.removed' })],
    goneUserIds: userIds,
  });

  beforeEach(() => {
    world = new InMemoryWorld();
    reader = new InMemoryMemberReader();
    clock = new FakeClock();
    const members = new MemberProjection(reader, clock, (count) => count > 5);
    fanOut = new FanOutAppended(members, new Dispatcher(world, new NodeLanes(world.nodes, () => clock.now())), clock);
    reader.set('c', { ann: 1, bob: 1, cat: 1 });
    for (const user of ['ann', 'bob', 'dan', 'eve']) world.connect('n1', user);
  });

  it('builds the public payload without touching the data', async () => {
    await fanOut.execute([
      appended([], { events: [conversationEvent(7, { actorId: 'a"b', dataJson: '{"text":"ä\\u0000"}' })] }),
    ]);
    expect(world.payloadsOf('bob')).toEqual([
      {
        conversationId: 'c',
        epoch: 'e1',
        events: [
          { seq: 7, type: 'message.created', at: '2023-11-14T22:13:20.000Z', actorId: 'a"b', data: { text: 'ä\0' } },
        ],
      },
    ]);
  });

  it('asks once where everybody is and calls each node once, for a whole batch', async () => {
    world.connect('n2', 'cat');
    reader.set('d', { bob: 1, dan: 1 });
    await fanOut.execute([
      appended([1]),
      appended([1], { conversationId: 'd' }),
      appended([2]),
      appended([2], { conversationId: 'd' }),
    ]);
    expect(world.questions).toHaveLength(1);
    expect(world.calls.map((call) => call.nodeId).sort()).toEqual(['n1', 'n2']);
    expect(world.calls.find((call) => call.nodeId === 'n2')?.deliveries.map((one) => one.userIds)).toEqual([['cat']]);
    expect(world.storyOf('bob')).toEqual(['1', '2', '1', '2']);
    expect(world.storyOf('dan')).toEqual(['1', '2']);
    expect(world.storyOf('eve')).toEqual([]);
  });

  it('puts records of one conversation into one frame', async () => {
    await fanOut.execute([appended([1]), appended([2, 3]), appended([4])]);
    expect(world.payloadsOf('ann')).toHaveLength(1);
    expect(world.storyOf('ann')).toEqual(['1', '2', '3', '4']);
    await fanOut.execute(Array.from({ length: 120 }, (_, index) => appended([5 + index])));
    expect(world.payloadsOf('ann')).toHaveLength(1 + 3);
    expect(world.storyOf('ann')).toEqual(Array.from({ length: 124 }, (_, index) => String(index + 1)));
  });

  it('says with every delivery after which event its recipients were members, for the gateway to hold against who went since', async () => {
    await fanOut.execute([appended([1, 2]), appended([], goes(3, 'bob')), appended([4]), appended([5])]);
    expect(
      world.calls.flatMap(({ deliveries }) => deliveries.map((one) => [one.event, one.conversationId, one.membersSeq])),
    ).toEqual([
      ['conversation:events', 'c', 2],
      ['conversation:removed', 'c', 3],
      ['conversation:events', 'c', 3],
      ['conversation:events', 'c', 5],
    ]);
    expect(world.payloadsOf('bob', 'conversation:removed')).toEqual([{ conversationId: 'c', seq: 3 }]);
  });

  it('tells who joined later nothing of what an older message says now, and all others everything', async () => {
    reader.set('c', { ann: 1, bob: 1, dan: 6 });
    const edit = (seq: number, subjectSeq: number) =>
      conversationEvent(seq, {
        type: 'message.edited',
        dataJson: `{"messageId":"m${subjectSeq}","messageSeq":${subjectSeq},"content":{"text":"secret"}}`,
        subjectSeq,
      });
    await fanOut.execute([
      appended([], { events: [conversationEvent(7), edit(8, 4), conversationEvent(9)] }),
      appended([], { events: [edit(10, 7)] }),
      appended([], joins(11, 'eve')),
      appended([], { events: [edit(12, 9), edit(13, 4)] }),
    ]);
    const dataOf = (user: string) =>
      (world.payloadsOf(user) as { events: { seq: number; data: object }[] }[])
        .flatMap(({ events }) => events)
        .map(({ seq, data }) => `${seq}${'content' in data ? ' said' : ''}${'hidden' in data ? ' hidden' : ''}`);
    expect(dataOf('bob')).toEqual(['7', '8 said', '9', '10 said', '11', '12 said', '13 said']);
    expect(dataOf('dan')).toEqual(['7', '8 hidden', '9', '10 said', '11', '12 said', '13 hidden']);
    expect(dataOf('eve')).toEqual(['11', '12 hidden', '13 hidden']);
    expect(world.payloadsOf('eve').at(-1)).toMatchObject({
      events: [{ seq: 13, data: { messageId: 'm4', messageSeq: 4, hidden: true } }],
    });
  });

  it('leaves it to the nodes who of the subscribers joined later', async () => {
    world.connect('n1', 'fay', 's', 'c');
    reader.set('c', Object.fromEntries(['ann', 'bob', 'cat', 'dan', 'eve', 'fay'].map((user) => [user, 1])));
    const dataJson = '{"messageId":"m4","messageSeq":4,"content":{"text":"secret"}}';
    const event = conversationEvent(8, { type: 'message.edited', dataJson, subjectSeq: 4 });
    await fanOut.execute([appended([], { events: [event], memberCount: 6 })]);
    const sent = world.calls.flatMap(({ deliveries }) => deliveries);
    expect(sent.map(({ joinedAfter, joinedUntil }) => [joinedAfter, joinedUntil])).toEqual([
      [0, 4],
      [4, 0],
    ]);
    expect(sent.map(({ payloadJson }) => payloadJson.includes('secret'))).toEqual([true, false]);
  });

  it('calls nobody when no member has a live session', async () => {
    reader.set('c', { cat: 1 });
    await fanOut.execute([appended([1])]);
    expect(world.calls).toEqual([]);
  });

  it('reads the members once and then follows the events', async () => {
    await fanOut.execute([appended([1]), appended([], joins(2, 'dan')), appended([3])]);
    await fanOut.execute([appended([], goes(4, 'bob')), appended([5])]);
    expect(reader.reads).toBe(1);
    expect(world.storyOf('dan')).toEqual(['conversation:added', '2', '3', '4', '5']);
    expect(world.storyOf('bob')).toEqual(['1', '2', '3', 'conversation:removed']);
    expect(world.storyOf('ann')).toEqual(['1', '2', '3', '4', '5']);
  });

  it('keeps what was said before a join from the newcomer when the list was read after the join', async () => {
    reader.set('c', { ann: 1, bob: 1, dan: 3 });
    await fanOut.execute([appended([1]), appended([2]), appended([], joins(3, 'dan')), appended([4])]);
    expect(world.storyOf('dan')).toEqual(['conversation:added', '3', '4']);
    expect(world.storyOf('bob')).toEqual(['1', '2', '3', '4']);
  });

  it('keeps what was said before a join in the same commit from the newcomer', async () => {
    const events = [conversationEvent(1), conversationEvent(2, { type: 'member.joined' }), conversationEvent(3)];
    await fanOut.execute([appended([], { events, joinedUserIds: ['dan'] })]);
    expect(world.storyOf('dan')).toEqual(['conversation:added', '2', '3']);
    expect(world.storyOf('ann')).toEqual(['1', '2', '3']);
  });

  it('hands a new conversation’s first events to all its members', async () => {
    reader.set('c', { ann: 1, bob: 1 });
    await fanOut.execute([appended([], joins(1, 'ann', 'bob'))]);
    expect(world.storyOf('ann')).toEqual(['conversation:added', '1']);
    expect(world.storyOf('bob')).toEqual(['conversation:added', '1']);
  });

  it('gives a removed user nothing of the commit that removed them', async () => {
    const events = [conversationEvent(1), conversationEvent(2, { type: 'member.removed' }), conversationEvent(3)];
    await fanOut.execute([appended([], { events, goneUserIds: ['bob'] })]);
    expect(world.storyOf('bob')).toEqual(['conversation:removed']);
  });

  it('lets the store decide about someone who came and went in one commit', async () => {
    await fanOut.execute([appended([1])]);
    clock.at += 5000;
    reader.set('c', { ann: 1, bob: 4 });
    const at = clock.at;
    const events = [2, 3, 4].map((seq) => conversationEvent(seq, { at }));
    await fanOut.execute([
      appended([], { events, joinedUserIds: ['bob', 'dan'], goneUserIds: ['bob', 'dan'], memberCount: 2 }),
    ]);
    expect(world.storyOf('bob')).toEqual(['1', 'conversation:added', '2', '3', '4']);
    expect(world.storyOf('dan')).toEqual(['conversation:removed']);
  });

  it('reads the members again before it hands out events that are old: a removal may have been acked since', async () => {
    await fanOut.execute([appended([1])]);
    clock.at += 3000;
    reader.set('c', { ann: 1 });
    await fanOut.execute([appended([2])]);
    expect(world.storyOf('bob')).toEqual(['1']);
    expect(world.storyOf('ann')).toEqual(['1', '2']);
    await fanOut.execute([appended([3])]);
    expect(reader.reads).toBe(2);
  });

  describe('after a lag in which somebody was taken in and removed again', () => {
    const backlog = (...at: number[]) => [
      appended([1], { events: [conversationEvent(1, { at: at[0] as number })] }),
      appended([], {
        ...joins(2, 'dan'),
        events: [conversationEvent(2, { type: 'member.joined', at: at[1] as number })],
      }),
      appended([], { events: [conversationEvent(3, { at: at[2] as number })] }),
    ];

    it('hands nothing to who is out: the removal is acked already', async () => {
      const begun = clock.at;
      clock.at += 10_000;
      await fanOut.execute(backlog(begun, begun + 1, begun + 2));
      expect(world.storyOf('dan')).toEqual([]);
      expect(world.storyOf('ann')).toEqual(['1', '2', '3']);
    });

    it('goes on with who was removed and is in again', async () => {
      const at = clock.at;
      clock.at += 10_000;
      reader.set('c', { ann: 1, bob: 1, dan: 5 });
      const event = (seq: number, type = 'message.created') => [conversationEvent(seq, { type, at })];
      await fanOut.execute([
        appended([], { events: event(2, 'member.joined'), joinedUserIds: ['dan'] }),
        appended([], { events: event(3, 'member.removed'), goneUserIds: ['dan'] }),
        appended([], { events: event(4) }),
        appended([], { events: event(5, 'member.joined'), joinedUserIds: ['dan'] }),
        appended([], { events: event(6) }),
      ]);
      expect(world.storyOf('dan')).toEqual(['conversation:removed', 'conversation:added', '5', '6']);
    });

    it('reads again who joined, when the list that was read does not know it yet', async () => {
      const at = clock.at;
      clock.at += 1;
      await fanOut.execute([
        appended([], { events: [conversationEvent(2, { type: 'member.joined', at })], joinedUserIds: ['dan'] }),
      ]);
      reader.set('c', { ann: 1, bob: 1, dan: 2 });
      await fanOut.execute([appended([], { events: [conversationEvent(3, { at: clock.at })] })]);
      expect(world.storyOf('dan')).toEqual(['3']);
      await fanOut.execute([appended([], { events: [conversationEvent(4, { at: clock.at })] })]);
      expect(reader.reads).toBe(2);
    });
  });

  it('reads the members again when an event is missing: what changed them may be a dead letter', async () => {
    await fanOut.execute([appended([1]), appended([2])]);
    reader.set('c', { ann: 1, cat: 1, dan: 3 });
    await fanOut.execute([appended([4]), appended([5])]);
    expect(reader.reads).toBe(2);
    expect(world.storyOf('bob')).toEqual(['1', '2']);
    expect(world.storyOf('dan')).toEqual(['4', '5']);
    await fanOut.execute([appended([6])]);
    expect(reader.reads).toBe(2);
  });

  it('reads the members again when an event within a batch is missing', async () => {
    await fanOut.execute([appended([1])]);
    reader.set('c', { ann: 1 });
    await fanOut.execute([appended([2]), appended([4])]);
    expect(world.storyOf('bob')).toEqual(['1']);
    expect(world.storyOf('ann')).toEqual(['1', '2', '4']);
  });

  it('hands out nothing of a dead letter that comes back late: clients have asked for what they missed', async () => {
    await fanOut.execute([appended([1]), appended([3])]);
    await fanOut.execute([appended([], joins(2, 'eve')), appended([4])]);
    expect(world.storyOf('ann')).toEqual(['1', '3', '4']);
    expect(world.storyOf('eve')).toEqual([]);
  });

  it('forgets the members of conversations that others have served since', async () => {
    reader.set('d', { ann: 1 });
    await fanOut.execute([appended([1]), appended([1], { conversationId: 'd' })]);
    fanOut.lost((conversationId) => conversationId === 'c');
    reader.set('c', { ann: 1, dan: 2 });
    await fanOut.execute([appended([5]), appended([2], { conversationId: 'd' })]);
    expect(reader.reads).toBe(3);
    expect(world.storyOf('bob')).toEqual(['1']);
    expect(world.storyOf('dan')).toEqual(['5']);
  });

  it('does not repeat what was just handed out, unless the log began anew', async () => {
    await fanOut.execute([appended([1]), appended([2])]);
    await fanOut.execute([appended([1]), appended([2]), appended([3])]);
    expect(world.storyOf('bob')).toEqual(['1', '2', '3']);
    await fanOut.execute([appended([1], { epoch: 'e2' })]);
    expect(world.storyOf('bob')).toEqual(['1', '2', '3', '1']);
  });

  it('hands out again what could not be located', async () => {
    world.locatorDown = true;
    await expect(fanOut.execute([appended([1])])).rejects.toThrow('presence is down');
    world.locatorDown = false;
    await fanOut.execute([appended([1])]);
    expect(world.storyOf('bob')).toEqual(['1']);
  });

  it('hands out nothing while it cannot be known who the members are', async () => {
    reader.down = true;
    await expect(fanOut.execute([appended([1])])).rejects.toThrow('message is down');
    expect(world.got).toEqual([]);
  });

  describe('with more members than can be reached one by one', () => {
    const six = { memberCount: 6 };

    beforeEach(() => {
      reader.set('c', { ann: 1, bob: 1, cat: 1, dan: 1, eve: 1, fay: 1 });
      world.connect('n2', 'fay', 'fay', 'c');
      world.connect('n2', 'gus', 'gus', 'c');
    });

    it('reaches those who subscribed, wherever they are', async () => {
      await fanOut.execute([appended([1], six)]);
      expect(world.calls.map((call) => call.nodeId)).toEqual(['n2']);
      expect(world.storyOf('fay')).toEqual(['1']);
      expect(world.storyOf('ann')).toEqual([]);
    });

    it('tells newcomers and the removed directly, and the removed nothing else', async () => {
      await fanOut.execute([
        appended([], { ...goes(1, 'gus'), ...six }),
        appended([], { ...joins(2, 'bob'), memberCount: 7 }),
      ]);
      expect(world.storyOf('gus')).toEqual(['conversation:removed', '2']);
      expect(world.storyOf('bob')).toEqual(['conversation:added']);
    });

    it('changes over when it grows and when it shrinks', async () => {
      reader.set('c', { ann: 1, bob: 1 });
      await fanOut.execute([appended([1], { memberCount: 2 })]);
      await fanOut.execute([appended([2], six)]);
      expect(world.storyOf('ann')).toEqual(['1']);
      expect(world.storyOf('fay')).toEqual(['2']);
      clock.at += 2000;
      await fanOut.execute([appended([], { events: [conversationEvent(3, { at: clock.at })], memberCount: 2 })]);
      expect(world.storyOf('ann')).toEqual(['1', '3']);
      expect(world.storyOf('fay')).toEqual(['2']);
    });
  });
});
