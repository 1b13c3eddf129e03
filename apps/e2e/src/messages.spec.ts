import { beforeAll, describe, expect, it } from 'vitest';
import { type Device, newId } from './support/device.js';
import { type Person, people } from './support/people.js';
import type { Message, Page, Sent } from './support/shapes.js';
import { useServer } from './support/use-server.js';

describe('messages', () => {
  const server = useServer('messages');
  let alice: Person;
  let bob: Person;
  let carol: Person;
  let phones: { alice: Device; bob: Device; carol: Device };

  beforeAll(async () => {
    [alice, bob, carol] = (await people(server.current, 'alice', 'bob', 'carol')) as [Person, Person, Person];
    phones = { alice: await alice.connect(), bob: await bob.connect(), carol: await carol.connect() };
  });

  const history = (who: Person, conversationId: string, query = '') =>
    who.api.get<Page<Message> & { hasMore: boolean }>(`/conversations/${conversationId}/messages${query}`);

  it('a text is acked, pushed to both sides and in history, as one and the same message', async () => {
    const conversationId = await alice.directWith(bob);
    const clientMsgId = newId();
    const sent = await phones.alice.sendText(conversationId, 'Hello Bob', { clientMsgId });
    for (const device of [phones.alice, phones.bob]) {
      const event = await device.hasSeq(conversationId, sent.seq);
      expect(event).toMatchObject({ type: 'message.created', actorId: alice.id });
      expect(event.data).toMatchObject({
        messageId: sent.messageId,
        clientMsgId,
        senderId: alice.id,
        type: 'text',
        content: { text: 'Hello Bob' },
        sentAt: sent.sentAt,
      });
    }
    const { items } = await history(bob, conversationId);
    expect(items[0]).toMatchObject({
      messageId: sent.messageId,
      seq: sent.seq,
      clientMsgId,
      content: { text: 'Hello Bob' },
    });
    expect(await bob.api.get(`/conversations/${conversationId}/messages/${sent.messageId}`)).toEqual(items[0]);
  });

  it('takes custom content as it is, also over REST', async () => {
    const conversationId = await alice.directWith(bob);
    const data = { list: [1, 2.5, null, true, { deep: ['x'] }], '': 'empty key', constructor: 'just a word' };
    const body = { clientMsgId: newId(), type: 'custom', content: { kind: 'app.order', data } };
    const sent = await alice.api.post<Sent>(`/conversations/${conversationId}/messages`, body);
    const event = await phones.bob.hasSeq(conversationId, sent.seq);
    expect(event.data['content']).toEqual(body.content);
    expect((await history(bob, conversationId)).items[0]?.content).toEqual(body.content);
  });

  it('every device of every member gets all events, in one order without a gap', async () => {
    const conversationId = await alice.group('Everyone', bob, carol);
    const tablets = [(await alice.anotherDevice('tablet-a')).device, (await bob.anotherDevice('tablet-b')).device];
    const from = (await alice.conversation(conversationId)).headSeq;
    const senders = [phones.alice, phones.bob, phones.carol];
    const sent = await Promise.all(
      senders.flatMap((device, who) =>
        Array.from({ length: 20 }, (_, n) => device.sendText(conversationId, `${who}:${n}`)),
      ),
    );
    const seqs = sent.map((one) => one.seq).sort((a, b) => a - b);
    expect(seqs).toEqual(Array.from({ length: 60 }, (_, n) => from + 1 + n));
    const texts: string[][] = [];
    for (const device of [...senders, ...tablets]) {
      await device.hasSeq(conversationId, from + 60);
      const log = device.log(conversationId).filter((event) => event.seq > from);
      expect(log.map((event) => event.seq)).toEqual(seqs);
      texts.push(log.map((event) => (event.data['content'] as { text: string }).text));
    }
    for (const other of texts) expect(other).toEqual(texts[0]);
    // What one socket sends keeps its order.
    for (const who of [0, 1, 2]) {
      const own = texts[0]!.filter((text) => text.startsWith(`${who}:`)).map((text) => Number(text.slice(2)));
      expect(own).toEqual(Array.from({ length: 20 }, (_, n) => n));
    }
  });

  it('pages through history both ways without a hole or a repeat', async () => {
    const conversationId = await alice.group('Pages', bob);
    const sent: Sent[] = [];
    for (let n = 0; n < 25; n++) sent.push(await phones.alice.sendText(conversationId, `n${n}`));
    const back: number[] = [];
    for (let query = '?limit=10'; ; ) {
      const page = await history(bob, conversationId, query);
      back.push(...page.items.map((message) => message.seq));
      if (!page.hasMore) break;
      query = `?limit=10&beforeSeq=${back.at(-1)}`;
    }
    const expected = sent.map((one) => one.seq);
    expect(back).toEqual([...expected].reverse());
    const forth: number[] = [];
    for (let after = 0; ; after = forth.at(-1) as number) {
      const page = await history(bob, conversationId, `?limit=10&afterSeq=${after}`);
      forth.push(...page.items.map((message) => message.seq));
      if (!page.hasMore) break;
    }
    expect(forth).toEqual(expected);
  });

  it('those outside see nothing and cannot send; absent and forbidden answer alike', async () => {
    const conversationId = await alice.directWith(bob);
    await phones.alice.sendText(conversationId, 'private');
    for (const path of ['', '/messages', '/events', '/members']) {
      const forbidden = await carol.api.refusal('GET', `/conversations/${conversationId}${path}`);
      const absent = await carol.api.refusal('GET', `/conversations/doesnotexist${path}`);
      expect(forbidden).toMatchObject({ status: 404, code: 'conversation.not_found' });
      expect({ ...forbidden, traceId: '' }).toEqual({ ...absent, traceId: '' });
    }
    const text = { clientMsgId: newId(), type: 'text', content: { text: 'let me in' } };
    const refusal = await phones.carol.refusal('message:send', { conversationId, ...text });
    expect(['conversation.not_found', 'message.not_a_member']).toContain(refusal.code);
    expect(phones.carol.log(conversationId)).toEqual([]);
  });

  it('takes no sender, seq or time from the client', async () => {
    const conversationId = await alice.directWith(bob);
    for (const field of ['senderId', 'seq', 'sentAt', 'messageId', 'role']) {
      const payload = { conversationId, clientMsgId: newId(), type: 'text', content: { text: 'x' }, [field]: 'forged' };
      expect((await phones.alice.refusal('message:send', payload)).code, field).toBe('request.invalid');
    }
  });

  it('replies and mentions name what they mean', async () => {
    const conversationId = await alice.group('Replies', bob, carol);
    const first = await phones.alice.sendText(conversationId, 'Who comes?');
    const reply = await phones.bob.sendText(conversationId, 'Carol?', {
      replyTo: first.messageId,
      mentions: [carol.id],
    });
    const event = await phones.carol.hasSeq(conversationId, reply.seq);
    expect(event.data).toMatchObject({ replyTo: first.messageId, mentions: [carol.id] });
    expect(await carol.conversation(conversationId)).toMatchObject({ mentionCount: 1, unreadCount: 2 });
    expect(await alice.conversation(conversationId)).toMatchObject({ mentionCount: 0, unreadCount: 1 });
  });
});
