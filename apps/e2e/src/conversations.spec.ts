import { eventually } from '@parley/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from './support/device.js';
import { type Person, people } from './support/people.js';
import type { Conversation, LogEvent, Message, Page } from './support/shapes.js';
import { useServer } from './support/use-server.js';

describe('conversations', () => {
  const server = useServer('conversations');
  let alice: Person;
  let bob: Person;
  let carol: Person;

  beforeAll(async () => {
    [alice, bob, carol] = (await people(server.current, 'alice', 'bob', 'carol')) as [Person, Person, Person];
  });

  const idsOf = async (who: Person) =>
    (await who.api.get<Page<Conversation>>('/conversations')).items.map((one) => one.conversationId);

  it('a direct conversation is one, whoever opens it, also when both do at once', async () => {
    const opened = await Promise.all([alice.directWith(bob), bob.directWith(alice), alice.directWith(bob)]);
    expect(new Set(opened).size).toBe(1);
    expect(await alice.conversation(opened[0] as string)).toMatchObject({
      kind: 'direct',
      memberCount: 2,
      unreadCount: 0,
    });
    expect((await alice.api.refusal('PUT', '/conversations/direct/nobody')).status).toBe(404);
  });

  it('a conversation with oneself holds notes for all own devices', async () => {
    const conversationId = await alice.directWith(alice);
    expect(await alice.conversation(conversationId)).toMatchObject({ kind: 'self', memberCount: 1 });
    const phone = await alice.connect();
    const tablet = await alice.anotherDevice('tablet');
    const sent = await phone.sendText(conversationId, 'milk');
    await tablet.device.hasSeq(conversationId, sent.seq);
    expect(await alice.conversation(conversationId)).toMatchObject({ unreadCount: 0 });
  });

  it('members of a new group learn of it at once and find it in their list', async () => {
    const phone = await bob.connect();
    const conversationId = await alice.group('New', bob, carol);
    await phone.next<{ conversationId: string }>(
      'conversation:added',
      (added) => added.conversationId === conversationId,
    );
    for (const who of [alice, bob, carol]) expect(await idsOf(who)).toContain(conversationId);
    expect(await alice.conversation(conversationId)).toMatchObject({
      kind: 'group',
      title: 'New',
      role: 'owner',
      memberCount: 3,
    });
    expect(await bob.conversation(conversationId)).toMatchObject({ role: 'member' });
    const { items } = await bob.api.get<Page<{ userId: string; role: string }>>(
      `/conversations/${conversationId}/members`,
    );
    expect(items.map((member) => member.userId).sort()).toEqual([alice.id, bob.id, carol.id].sort());
    expect(items[0]).toMatchObject({ userId: alice.id, role: 'owner' });
  });

  it('a repeated creation with the same key answers the first conversation', async () => {
    const body = { kind: 'group', title: 'Once', memberIds: [bob.id] };
    const key = { 'idempotency-key': newId() };
    const first = await alice.api.post<Conversation>('/conversations', body, key);
    expect((await alice.api.post<Conversation>('/conversations', body, key)).conversationId).toBe(first.conversationId);
  });

  it('who is removed gets nothing from then on: no push, no history, no send', async () => {
    const conversationId = await alice.group('Removal', bob, carol);
    const [a, b, c] = [await alice.connect(), await bob.connect(), await carol.connect()];
    await a.sendText(conversationId, 'before');
    await alice.api.delete(`/conversations/${conversationId}/members/${bob.id}`);
    const after = await a.sendText(conversationId, 'after');
    await c.hasSeq(conversationId, after.seq);
    expect(JSON.stringify(b.log(conversationId))).not.toContain('after');
    await b.next<{ conversationId: string }>('conversation:removed', (one) => one.conversationId === conversationId);
    expect(await idsOf(bob)).not.toContain(conversationId);
    expect((await bob.api.refusal('GET', `/conversations/${conversationId}/messages`)).status).toBe(404);
    const text = { clientMsgId: newId(), type: 'text', content: { text: 'still here?' } };
    const refusal = await b.refusal('message:send', { conversationId, ...text });
    expect(['message.not_a_member', 'conversation.not_found']).toContain(refusal.code);
    const types = c.log(conversationId).map((event) => event.type);
    expect(types).toContain('member.removed');
  });

  it('who joins later reads only from then on, unless the group shows more', async () => {
    const closed = await alice.group('Fresh eyes', bob);
    const open = await alice.api.post<Conversation>('/conversations', {
      kind: 'group',
      title: 'Open book',
      memberIds: [bob.id],
      historyBeforeJoin: true,
    });
    const phone = await alice.connect();
    for (const conversationId of [closed, open.conversationId]) {
      await phone.sendText(conversationId, 'old news');
      await alice.api.post(`/conversations/${conversationId}/members`, { userIds: [carol.id] });
      await phone.sendText(conversationId, 'fresh news');
    }
    const texts = async (conversationId: string) =>
      (await carol.api.get<Page<Message>>(`/conversations/${conversationId}/messages`)).items.map(
        (one) => one.content?.['text'],
      );
    expect(await texts(closed)).toEqual(['fresh news']);
    expect(await texts(open.conversationId)).toEqual(['fresh news', 'old news']);
    expect(JSON.stringify(await carol.api.get(`/conversations/${closed}/events`))).not.toContain('old news');
    expect(await carol.conversation(closed)).toMatchObject({ unreadCount: 1 });
  });

  it('a muted member may read but not send, until the mute is lifted', async () => {
    const conversationId = await alice.group('Muted', bob);
    const phone = await bob.connect();
    const member = `/conversations/${conversationId}/members/${bob.id}`;
    await alice.api.patch(member, { mutedUntil: new Date(Date.now() + 3_600_000).toISOString() });
    const text = { conversationId, clientMsgId: newId(), type: 'text', content: { text: 'mmh' } };
    expect((await phone.refusal('message:send', text)).code).toBe('message.muted');
    expect((await bob.api.refusal('PATCH', member, { mutedUntil: null })).status).toBe(403);
    await alice.api.patch(member, { mutedUntil: null });
    await phone.request('message:send', text);
  });

  it('leaving and disbanding are events; a disbanded group keeps its history', async () => {
    const conversationId = await alice.group('The end', bob, carol);
    const phone = await carol.connect();
    const sender = await alice.connect();
    await sender.sendText(conversationId, 'last words');
    await bob.api.post(`/conversations/${conversationId}/leave`);
    expect(await idsOf(bob)).not.toContain(conversationId);
    await alice.api.delete(`/conversations/${conversationId}`);
    await eventually('conversation.disbanded pushed', () =>
      phone.log(conversationId).some((event) => event.type === 'conversation.disbanded'),
    );
    const text = { conversationId, clientMsgId: newId(), type: 'text', content: { text: 'x' } };
    expect(['message.disbanded', 'message.not_a_member']).toContain((await phone.refusal('message:send', text)).code);
    expect(JSON.stringify(await carol.api.get(`/conversations/${conversationId}/messages`))).toContain('last words');
    const { items } = await carol.api.get<Page<LogEvent>>(`/conversations/${conversationId}/events`);
    expect(items.map((event) => event.type)).toEqual(expect.arrayContaining(['member.left', 'conversation.disbanded']));
  });

  it('invitations let in as often as they say', async () => {
    const conversationId = await alice.group('By invitation');
    const path = `/conversations/${conversationId}/invitations`;
    const { code } = await alice.api.post<{ code: string }>(path, { maxUses: 1 });
    expect((await carol.api.refusal('POST', `/conversations/${conversationId}/join`)).status).toBe(404);
    expect(await bob.api.post<Conversation>(`/invitations/${code}/accept`)).toMatchObject({
      conversationId,
      role: 'member',
    });
    expect((await carol.api.refusal('POST', `/invitations/${code}/accept`)).code).toBe('invitation.used_up');
  });
});
