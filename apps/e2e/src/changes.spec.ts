import { beforeAll, describe, expect, it } from 'vitest';
import type { Device } from './support/device.js';
import { type Person, people } from './support/people.js';
import type { LogEvent, Message, Page, SyncPage } from './support/shapes.js';
import { useServer } from './support/use-server.js';

describe('changes to messages', () => {
  const server = useServer('changes');
  let alice: Person;
  let bob: Person;
  let phone: { alice: Device; bob: Device };
  let conversationId: string;

  beforeAll(async () => {
    [alice, bob] = (await people(server.current, 'alice', 'bob')) as [Person, Person];
    phone = { alice: await alice.connect(), bob: await bob.connect() };
    conversationId = await alice.directWith(bob);
  });

  const messagesOf = async (who: Person) =>
    (await who.api.get<Page<Message>>(`/conversations/${conversationId}/messages`)).items;
  const eventsOf = async (who: Person) =>
    (await who.api.get<Page<LogEvent>>(`/conversations/${conversationId}/events?limit=500`)).items;
  const synced = (who: Device) => who.request<SyncPage>('sync', {});
  const pushed = (who: Device, type: string, messageId: string) =>
    who.next<{ events: LogEvent[] }>('conversation:events', (push) =>
      push.events.some((event) => event.type === type && event.data['messageId'] === messageId),
    );

  it('an edit replaces the content everywhere and is an event of its own', async () => {
    const sent = await phone.alice.sendText(conversationId, 'teh first');
    const edited = await phone.alice.request<Message>('message:edit', {
      conversationId,
      messageId: sent.messageId,
      content: { text: 'the first' },
    });
    expect(edited).toMatchObject({ messageId: sent.messageId, content: { text: 'the first' } });
    expect(edited.editedAt).toBeDefined();
    const push = await pushed(phone.bob, 'message.edited', sent.messageId);
    expect(push.events[0]?.seq).toBeGreaterThan(sent.seq);
    expect((await messagesOf(bob)).find((one) => one.messageId === sent.messageId)).toMatchObject({
      seq: sent.seq,
      content: { text: 'the first' },
    });
  });

  it('only the sender edits, only with content of the same type, and REST is the same door', async () => {
    const sent = await phone.alice.sendText(conversationId, 'mine');
    const path = `/conversations/${conversationId}/messages/${sent.messageId}`;
    expect(await bob.api.refusal('PATCH', path, { content: { text: 'hijacked' } })).toMatchObject({
      status: 403,
      code: 'message.not_the_sender',
    });
    expect(await alice.api.refusal('PATCH', path, { content: { kind: 'x', data: 1 } })).toMatchObject({
      code: 'message.type_mismatch',
    });
    expect(await alice.api.patch<Message>(path, { content: { text: 'mine, edited' } })).toMatchObject({
      content: { text: 'mine, edited' },
    });
  });

  it('a recall takes the content away: from history, sync, the log and the list', async () => {
    const secret = 'something I should not have said';
    const sent = await phone.alice.sendText(conversationId, secret);
    const first = { conversationId, messageId: sent.messageId, content: { text: `${secret}, edited` } };
    await phone.alice.request('message:edit', first);
    const recalled = await phone.alice.request<Message>('message:recall', {
      conversationId,
      messageId: sent.messageId,
    });
    expect(recalled.content).toBeUndefined();
    expect(recalled.recalledAt).toBeDefined();
    await pushed(phone.bob, 'message.recalled', sent.messageId);
    for (const who of [alice, bob]) {
      expect((await messagesOf(who)).find((one) => one.messageId === sent.messageId)?.content).toBeUndefined();
      expect(JSON.stringify(await eventsOf(who))).not.toContain(secret);
      expect(JSON.stringify(await who.api.get('/conversations'))).not.toContain(secret);
      expect(
        JSON.stringify(await who.api.get(`/conversations/${conversationId}/messages/${sent.messageId}`)),
      ).not.toContain(secret);
    }
    for (const device of [phone.alice, phone.bob]) expect(JSON.stringify(await synced(device))).not.toContain(secret);
    // The log keeps its numbers.
    const seqs = (await eventsOf(bob)).map((event) => event.seq);
    expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, n) => n + 1));
  });

  it('a recalled message cannot be edited, and others cannot recall it', async () => {
    const sent = await phone.alice.sendText(conversationId, 'again');
    const target = { conversationId, messageId: sent.messageId };
    expect((await phone.bob.refusal('message:recall', target)).code).toBe('message.not_the_sender');
    await phone.alice.request('message:recall', target);
    const edit = await phone.alice.refusal('message:edit', { ...target, content: { text: 'x' } });
    expect(edit.code).toBe('message.recalled');
    // A repeat is no second event.
    const head = (await alice.conversation(conversationId)).headSeq;
    await phone.alice.request('message:recall', target);
    expect((await alice.conversation(conversationId)).headSeq).toBe(head);
  });

  it('an owner of a group recalls what members wrote', async () => {
    const group = await alice.group('Owned', bob);
    const sent = await phone.bob.sendText(group, 'not here');
    await phone.alice.request('message:recall', { conversationId: group, messageId: sent.messageId });
    expect(JSON.stringify(await bob.api.get(`/conversations/${group}/messages`))).not.toContain('not here');
  });

  it('delete hides a message from me, on all my devices, and from nobody else', async () => {
    const sent = await phone.bob.sendText(conversationId, 'spam');
    const tablet = await alice.anotherDevice('tablet');
    await phone.alice.request('message:delete', { conversationId, messageId: sent.messageId });
    expect((await messagesOf(alice)).map((one) => one.messageId)).not.toContain(sent.messageId);
    const { items } = await tablet.api.get<{ items: { messageId: string }[] }>(
      `/conversations/${conversationId}/messages`,
    );
    expect(items.map((one) => one.messageId)).not.toContain(sent.messageId);
    expect((await messagesOf(bob)).map((one) => one.messageId)).toContain(sent.messageId);
    expect(await alice.api.refusal('GET', `/conversations/${conversationId}/messages/${sent.messageId}`)).toMatchObject(
      {
        code: 'message.not_found',
      },
    );
    const log = (await eventsOf(alice)).find((event) => event.seq === sent.seq);
    expect(log, 'its place in the log stays').toBeDefined();
    expect(JSON.stringify(log)).not.toContain('spam');
  });

  it('what is absent and what is hidden answer alike', async () => {
    const target = { conversationId, messageId: 'doesnotexist' };
    for (const event of ['message:recall', 'message:delete'])
      expect((await phone.alice.refusal(event, target)).code).toBe('message.not_found');
    const edit = { ...target, content: { text: 'x' } };
    expect((await phone.alice.refusal('message:edit', edit)).code).toBe('message.not_found');
  });
});
