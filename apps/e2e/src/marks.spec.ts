import { beforeAll, describe, expect, it } from 'vitest';
import type { Device } from './support/device.js';
import { type Person, people } from './support/people.js';
import type { LogEvent, Message, Page, SyncPage } from './support/shapes.js';
import { useServer } from './support/use-server.js';

describe('what people put on messages', () => {
  const server = useServer('marks');
  let alice: Person;
  let bob: Person;
  let carol: Person;
  let phone: { alice: Device; bob: Device };
  let group: string;

  beforeAll(async () => {
    [alice, bob, carol] = (await people(server.current, 'alice', 'bob', 'carol')) as [Person, Person, Person];
    phone = { alice: await alice.connect(), bob: await bob.connect() };
    group = await alice.group('Marks', bob, carol);
  });

  const pathOf = (messageId: string) => `/conversations/${group}/messages/${messageId}`;
  const reactionPath = (messageId: string, emoji: string) =>
    `${pathOf(messageId)}/reactions/${encodeURIComponent(emoji)}`;
  const message = (who: Person, messageId: string) => who.api.get<Message>(pathOf(messageId));
  const pushed = async (who: Device, type: string, messageId: string): Promise<LogEvent> => {
    const isIt = (event: LogEvent) => event.type === type && event.data['messageId'] === messageId;
    const push = await who.next<{ events: LogEvent[] }>('conversation:events', ({ events }) => events.some(isIt));
    return push.events.find(isIt) as LogEvent;
  };

  it('reactions are pushed, counted and shown to each with their own, over socket and REST alike', async () => {
    const sent = await phone.alice.sendText(group, 'hello');
    const target = { conversationId: group, messageId: sent.messageId };
    // Text-style or not: one heart is one heart.
    const first = await phone.bob.request<Message>('message:react', { ...target, emoji: '\u2764' });
    expect(first.reactions).toEqual([{ emoji: '❤️', count: 1, userIds: [bob.id], mine: true }]);
    const event = await pushed(phone.alice, 'reaction.added', sent.messageId);
    expect(event.data).toEqual({
      messageId: sent.messageId,
      messageSeq: sent.seq,
      emoji: '❤️',
      userId: bob.id,
      count: 1,
    });
    expect(first.changedSeq).toBe(event.seq);
    const second = await alice.api.put<Message>(reactionPath(sent.messageId, '❤️'));
    expect(second.reactions).toMatchObject([{ count: 2, userIds: [bob.id, alice.id], mine: true }]);
    expect((await message(carol, sent.messageId)).reactions).toMatchObject([{ count: 2, mine: false }]);
    const { headSeq, lastMessage } = await bob.conversation(group);
    expect(lastMessage).toEqual(await message(bob, sent.messageId));
    await alice.api.put(reactionPath(sent.messageId, '❤'));
    expect((await bob.conversation(group)).headSeq, 'a repeat is no event').toBe(headSeq);
    const back = await alice.api.delete<Message>(reactionPath(sent.messageId, '❤️'));
    expect(back.reactions).toMatchObject([{ count: 1, mine: false }]);
    const gone = await phone.bob.request<Message>('message:react', { ...target, emoji: '❤️', remove: true });
    expect(gone.reactions).toBeUndefined();
    const log = await bob.api.get<Page<LogEvent>>(`/conversations/${group}/events?afterSeq=${sent.seq}`);
    expect(log.items.map(({ type, data }) => [type, data['count']])).toEqual([
      ['reaction.added', 1],
      ['reaction.added', 2],
      ['reaction.removed', 1],
      ['reaction.removed', 0],
    ]);
  });

  it('what is no emoji, and who is no member, is refused', async () => {
    const sent = await phone.alice.sendText(group, 'hello');
    for (const emoji of ['x', '👍👍', '1', '👍 '])
      expect(await bob.api.refusal('PUT', reactionPath(sent.messageId, emoji)), emoji).toMatchObject({
        code: 'request.invalid',
      });
    const [dave] = (await people(server.current, 'dave')) as [Person];
    expect(await dave.api.refusal('PUT', reactionPath(sent.messageId, '👍'))).toMatchObject({
      status: 403,
      code: 'message.not_a_member',
    });
    await phone.alice.request('message:recall', { conversationId: group, messageId: sent.messageId });
    expect(await bob.api.refusal('PUT', reactionPath(sent.messageId, '👍'))).toMatchObject({
      code: 'message.recalled',
    });
  });

  it('pins are set by owners, seen by all, and go with a recall', async () => {
    const [one, two] = [await phone.alice.sendText(group, 'one'), await phone.alice.sendText(group, 'two')];
    for (const { messageId } of [one, two]) {
      const pinned = await phone.alice.request<Message>('message:pin', {
        conversationId: group,
        messageId,
        pinned: true,
      });
      expect(pinned).toMatchObject({ pinnedBy: alice.id, pinnedAt: expect.any(String) });
    }
    expect((await pushed(phone.bob, 'message.pinned', one.messageId)).data).toEqual({
      messageId: one.messageId,
      messageSeq: one.seq,
      userId: alice.id,
    });
    const pins = async () =>
      (await bob.api.get<Page<Message>>(`/conversations/${group}/pins`)).items.map(({ messageId }) => messageId);
    expect(await pins()).toEqual([two.messageId, one.messageId]);
    expect(await bob.api.refusal('DELETE', `${pathOf(one.messageId)}/pin`)).toMatchObject({
      status: 403,
      code: 'conversation.role_too_low',
    });
    await alice.api.delete(`${pathOf(two.messageId)}/pin`);
    await alice.api.post(`${pathOf(one.messageId)}/recall`);
    expect(await pins()).toEqual([]);
    const direct = await alice.directWith(bob);
    const { messageId } = await phone.alice.sendText(direct, 'ours');
    await bob.api.put(`/conversations/${direct}/messages/${messageId}/pin`);
    expect((await alice.api.get<Page<Message>>(`/conversations/${direct}/pins`)).items).toMatchObject([{ messageId }]);
  });

  it('a mention of all counts for all, is for owners, and goes with its message or an edit', async () => {
    const mentionsOf = async (who: Person) => (await who.conversation(group)).mentionCount;
    const before = await mentionsOf(carol);
    const called = await phone.alice.sendText(group, 'everybody', { mentions: ['all'] });
    expect([await mentionsOf(carol), await mentionsOf(alice)]).toEqual([before + 1, 0]);
    expect(
      (
        await phone.bob.refusal('message:send', {
          conversationId: group,
          clientMsgId: 'all-1',
          type: 'text',
          content: { text: 'everybody' },
          mentions: ['all'],
        })
      ).code,
    ).toBe('message.mention_all_denied');
    await alice.api.patch(pathOf(called.messageId), { content: { text: 'Bob' }, mentions: [bob.id] });
    const edit = await pushed(phone.bob, 'message.edited', called.messageId);
    expect(edit.data).toMatchObject({ content: { text: 'Bob' }, mentions: [bob.id] });
    expect(await mentionsOf(carol)).toBe(before);
    const mine = await mentionsOf(bob);
    await phone.alice.request('message:recall', { conversationId: group, messageId: called.messageId });
    expect(await mentionsOf(bob)).toBe(mine - 1);
  });

  it('history opens at a time, and answers messages by their ids', async () => {
    const other = await alice.group('Dates', bob);
    const sent = [];
    for (const text of ['a', 'b', 'c']) sent.push(await phone.alice.sendText(other, text));
    const list = async (query: string) =>
      (await bob.api.get<Page<Message>>(`/conversations/${other}/messages?${query}`)).items.map(({ seq }) => seq);
    const ids = sent.map(({ messageId }) => messageId);
    const seqs = sent.map(({ seq }) => seq);
    expect(await list(`at=${new Date(0).toISOString()}&limit=2`)).toEqual(seqs.slice(0, 2));
    expect(await list(`at=${sent[2]?.sentAt ?? ''}`)).toContain(seqs[2]);
    expect(await list(`at=${new Date(Date.now() + 60_000).toISOString()}`)).toEqual([]);
    expect(await list(`messageIds=${ids[2]},${ids[0]},zz-1`)).toEqual([seqs[0], seqs[2]]);
    for (const query of ['at=yesterday', 'at=2026-01-01T00:00:00Z&afterSeq=1', `messageIds=${ids[0]}&beforeSeq=3`])
      expect(await bob.api.refusal('GET', `/conversations/${other}/messages?${query}`), query).toMatchObject({
        code: 'request.invalid',
      });
  });

  it('what I delete for myself goes from my other devices, also from those that are away', async () => {
    const sent = await phone.bob.sendText(group, 'spam');
    const live = await alice.anotherDevice('live');
    const away = await alice.anotherDevice('away');
    const { headSeq, epoch } = await alice.conversation(group);
    away.device.close();
    phone.alice.forget();
    await phone.alice.request('message:delete', { conversationId: group, messageId: sent.messageId });
    expect(await live.device.next('message:deleted')).toEqual({
      conversationId: group,
      messageId: sent.messageId,
      seq: sent.seq,
    });
    // What comes later on the same socket has arrived: the push before it was not for this one.
    const later = await phone.bob.sendText(group, 'later');
    await phone.alice.hasSeq(group, later.seq);
    expect(phone.alice.all('message:deleted'), 'the one that asked knows').toEqual([]);
    expect(phone.bob.all('message:deleted'), 'nobody else is told').toEqual([]);
    const back = await alice.connect();
    const page = await back.request<SyncPage>('sync', { heads: [{ conversationId: group, seq: headSeq, epoch }] });
    expect(page.hidden).toEqual([{ conversationId: group, messageSeq: sent.seq, messageId: sent.messageId }]);
    const fresh = await bob.anotherDevice('fresh');
    expect((await fresh.device.request<SyncPage>('sync', {})).hidden).toEqual([]);
  });
});
