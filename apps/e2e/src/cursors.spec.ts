import { eventually } from '@parley/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Person, people } from './support/people.js';
import type { Cursor } from './support/shapes.js';
import { useServer } from './support/use-server.js';

interface CursorChanged {
  conversationId: string;
  userId: string;
  readSeq?: number;
  deliveredSeq?: number;
}

describe('cursors and unread', () => {
  const server = useServer('cursors');
  let alice: Person;
  let bob: Person;

  beforeAll(async () => {
    [alice, bob] = (await people(server.current, 'alice', 'bob')) as [Person, Person];
  });

  const unread = async (who: Person, conversationId: string) => (await who.conversation(conversationId)).unreadCount;

  it('unread is what others sent after my read cursor; own sends never count', async () => {
    const conversationId = await alice.group('Unread', bob);
    const [a, b] = [await alice.connect(), await bob.connect()];
    expect([await unread(alice, conversationId), await unread(bob, conversationId)]).toEqual([0, 0]);
    const first = await a.sendText(conversationId, '1');
    await a.sendText(conversationId, '2');
    await b.sendText(conversationId, '3');
    await a.sendText(conversationId, '4');
    expect([await unread(alice, conversationId), await unread(bob, conversationId)]).toEqual([1, 3]);
    const cursor = await b.request<Cursor>('cursor:read', { conversationId, seq: first.seq });
    expect(cursor).toMatchObject({ readSeq: first.seq, unreadCount: 2 });
    expect(await unread(bob, conversationId)).toBe(2);
    const { headSeq } = await bob.conversation(conversationId);
    const path = `/conversations/${conversationId}/cursor`;
    expect(await bob.api.put<Cursor>(path, { readSeq: headSeq })).toMatchObject({ unreadCount: 0 });
    const list = await bob.api.get<{ items: { conversationId: string; unreadCount: number }[] }>('/conversations');
    expect(list.items.find((one) => one.conversationId === conversationId)?.unreadCount).toBe(0);
  });

  it('events that are no messages do not count', async () => {
    const conversationId = await alice.group('Not counted', bob);
    const a = await alice.connect();
    const sent = await a.sendText(conversationId, 'one');
    await a.request('message:edit', { conversationId, messageId: sent.messageId, content: { text: 'edited' } });
    expect(await unread(bob, conversationId)).toBe(1);
    await alice.api.patch(`/conversations/${conversationId}`, { title: 'Not counted either' });
    expect(await unread(bob, conversationId)).toBe(1);
  });

  it('the other side sees delivered, then read', async () => {
    const conversationId = await alice.directWith(bob);
    const [a, b] = [await alice.connect(), await bob.connect()];
    const sent = await a.sendText(conversationId, 'did you get this?');
    await b.hasSeq(conversationId, sent.seq);
    await b.request('cursor:delivered', { conversationId, seq: sent.seq });
    const ofBob = (fits: (cursor: CursorChanged) => boolean) =>
      a.next<CursorChanged>('cursor:changed', (cursor) => cursor.userId === bob.id && fits(cursor));
    await ofBob((cursor) => (cursor.deliveredSeq ?? 0) >= sent.seq);
    expect(a.all<CursorChanged>('cursor:changed').some((one) => (one.readSeq ?? 0) >= sent.seq)).toBe(false);
    await b.request('cursor:read', { conversationId, seq: sent.seq });
    await ofBob((cursor) => (cursor.readSeq ?? 0) >= sent.seq);
    const receipts = await alice.api.get<{ deliveredCount: number; readCount: number; items: { userId: string }[] }>(
      `/conversations/${conversationId}/messages/${sent.messageId}/receipts`,
    );
    expect(receipts).toMatchObject({ deliveredCount: 1, readCount: 1 });
    expect(receipts.items.map((one) => one.userId)).toEqual([bob.id]);
  });

  it('reading implies delivery, and my other devices learn what I have read', async () => {
    const conversationId = await alice.directWith(bob);
    const [a, phone] = [await alice.connect(), await bob.connect()];
    const tablet = (await bob.anotherDevice('tablet')).device;
    const sent = await a.sendText(conversationId, 'read on the phone');
    const cursor = await phone.request<Cursor>('cursor:read', { conversationId, seq: sent.seq });
    expect(cursor).toEqual({ deliveredSeq: sent.seq, readSeq: sent.seq, unreadCount: 0 });
    await tablet.next<CursorChanged>(
      'cursor:changed',
      (one) => one.userId === bob.id && (one.readSeq ?? 0) >= sent.seq,
    );
  });

  it('cursors only grow, and never past the head', async () => {
    const conversationId = await alice.directWith(bob);
    const [a, b] = [await alice.connect(), await bob.connect()];
    const sent = await a.sendText(conversationId, 'x');
    await b.request('cursor:read', { conversationId, seq: sent.seq });
    expect(await b.request<Cursor>('cursor:read', { conversationId, seq: 1 })).toMatchObject({ readSeq: sent.seq });
    const beyond = await b.ask('cursor:read', { conversationId, seq: sent.seq + 1000 });
    if (beyond.ok) expect(beyond.data).toMatchObject({ readSeq: sent.seq });
    const later = await a.sendText(conversationId, 'still unread');
    expect(await unread(bob, conversationId)).toBe(1);
    expect(later.seq).toBe(sent.seq + 1);
  });

  it('cursors outlive a kill of the server', async () => {
    const conversationId = await alice.directWith(bob);
    const [a, b] = [await alice.connect(), await bob.connect()];
    const sent = await a.sendText(conversationId, 'before the crash');
    await b.request('cursor:read', { conversationId, seq: sent.seq });
    await server.current.kill();
    await server.current.start();
    const after = await eventually('the conversation again', () => bob.conversation(conversationId));
    expect(after).toMatchObject({ readSeq: sent.seq, unreadCount: 0 });
  });
});
