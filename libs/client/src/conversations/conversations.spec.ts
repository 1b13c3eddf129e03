import { describe, expect, it } from 'vitest';
import type { Conversation } from '../api.js';
import { MemoryStorage } from '../store/memory-storage.js';
import { dataOn } from '../testing/data-under-test.js';
import { FakeClockwork, settled } from '../testing/fake-clockwork.js';
import { FakeServer } from '../testing/fake-server.js';
import { FakeTabs } from '../testing/fake-tabs.js';

const text = (value: string) => ({ type: 'text', content: { text: value } }) as const;

async function desk(prepare: (server: FakeServer) => void = () => {}, part: Parameters<typeof dataOn>[0] = {}) {
  const server = part.server ?? new FakeServer('me');
  prepare(server);
  const made = await dataOn({ ...part, server });
  server.connect();
  await made.clockwork.pass(1000);
  const push = (id: string, event: unknown) =>
    server.push('conversation:events', { conversationId: id, epoch: 'e1', events: [event as never] });
  const order = () => made.data.conversations.value.map(({ conversationId }) => conversationId);
  const unread = (id: string) => {
    const item = made.data.conversations.get(id).value;
    return [item?.unreadCount, item?.mentionCount];
  };
  return { ...made, push, order, unread };
}

describe('the list of conversations', () => {
  it('has pinned ones first, then by latest activity, unsent messages included', async () => {
    const { server, data, push, order, clockwork } = await desk((all) => {
      all.log('a').say('you', '1');
      for (const n of [1, 2]) all.log('b').say('you', `${n}`);
      all.log('p', { settings: { pinned: true, muted: false, archived: false } });
    });
    expect(order()).toEqual(['p', 'b', 'a']);
    for (const n of [3, 4, 5]) push('a', server.log('a').say('you', `${n}`));
    await settled();
    // Three events arrived where one was known: the last is ahead, the gap is filled.
    await clockwork.pass(100);
    expect(order()).toEqual(['p', 'a', 'b']);
    server.disconnect();
    data.messages('b').send(text('unsent'));
    await settled();
    expect(order()).toEqual(['p', 'b', 'a']);
    expect(data.conversations.get('b').value?.lastMessage).toMatchObject({
      state: 'queued',
      content: { text: 'unsent' },
    });
  });

  it('is loaded from the storage without a connection', async () => {
    const storage = new MemoryStorage();
    const first = await desk((all) => all.log('a').say('you', 'hello'), { storage });
    expect(first.data.conversations.loaded.value).toBe(true);
    first.data.conversations.saveDraft('a', 'half');
    await settled();
    first.data.stop();
    expect(first.data.conversations.value).toEqual([]);
    const again = await dataOn({ server: new FakeServer('me'), storage });
    expect(again.data.conversations.loaded.value).toBe(true);
    expect(again.data.conversations.value).toMatchObject([
      { conversationId: 'a', draft: 'half', lastMessage: { content: { text: 'hello' } } },
    ]);
  });

  it('counts unread: not my own, not what was read; mentions apart; muted ones not in the total', async () => {
    const { server, data, push, unread } = await desk((all) => {
      all.log('a');
      all.log('m', { settings: { pinned: false, muted: true, archived: false } });
    });
    push('a', server.log('a').say('you', 'x', { mentions: ['me'] }));
    push('a', server.log('a').say('me', 'mine'));
    push('a', server.log('a').say('you', 'y', { mentions: ['all'] }));
    push('a', server.log('a').append('member.joined', 'you', { members: [] }));
    push('m', server.log('m').say('you', 'z'));
    await settled();
    expect(unread('a')).toEqual([2, 2]);
    expect(data.conversations.unread.value).toEqual({ messages: 2, mentions: 2, conversations: 1 });
    data.conversations.markRead('a', 1);
    await settled();
    expect(unread('a'), 'by counting what is there').toEqual([1, 1]);
    server.push('cursor:changed', { conversationId: 'a', userId: 'me', readSeq: 4 });
    await settled();
    expect(unread('a'), 'read on another device').toEqual([0, 0]);
  });

  it('tells what was read once for many calls, and again after the connection was lost', async () => {
    const { server, data, clockwork } = await desk((all) => {
      for (const n of [1, 2, 3]) all.log('a').say('you', `${n}`);
    });
    const told = () => server.asked.filter(({ name }) => name === 'cursor:read').map(({ input }) => input.seq);
    for (const seq of [1, 2, 3]) data.conversations.markRead('a', seq);
    await clockwork.pass(1000);
    expect(told()).toEqual([3]);
    server.log('a').say('you', '4');
    server.push('conversation:events', { conversationId: 'a', epoch: 'e1', events: server.log('a').page(3, 1) });
    server.disconnect();
    data.conversations.markRead('a');
    await clockwork.pass(1000);
    expect(data.conversations.get('a').value?.unreadCount, 'at once').toBe(0);
    server.connect();
    await clockwork.pass(1000);
    expect(told()).toEqual([3, 4]);
  });

  it('tells what arrived, in batches, and not what was read', async () => {
    const { server, push, clockwork } = await desk((all) => all.log('a'));
    for (let n = 0; n < 5; n++) push('a', server.log('a').say('you', `${n}`));
    push('a', server.log('a').say('me', 'mine'));
    await clockwork.pass(2000);
    const told = server.asked.filter(({ name }) => name === 'cursor:delivered');
    expect(told.map(({ input }) => input.seq)).toEqual([6]);
  });

  it('shows how far the others have read', async () => {
    const { server, data } = await desk((all) => all.log('a').say('me', 'x'));
    const cursors = () => data.conversations.get('a').value?.cursors;
    server.push('cursor:changed', { conversationId: 'a', userId: 'you', deliveredSeq: 1 });
    await settled();
    expect(cursors()).toEqual([{ userId: 'you', deliveredSeq: 1, readSeq: 0 }]);
    server.push('cursor:changed', { conversationId: 'a', userId: 'you', readSeq: 1 });
    server.push('cursor:changed', { conversationId: 'a', userId: 'you', deliveredSeq: 0 });
    await settled();
    expect(cursors()).toEqual([{ userId: 'you', deliveredSeq: 1, readSeq: 1 }]);
  });

  it('follows joins and removals, late ones too', async () => {
    const { server, data, order } = await desk((all) => all.log('a').say('you', '1'));
    const log = server.log('n', { joinedSeq: 1 });
    log.append('member.joined', 'you', { members: [{ userId: 'me' }] });
    server.push('conversation:added', { conversationId: 'n', seq: 1 });
    await settled();
    expect(order()).toContain('n');
    server.push('conversation:removed', { conversationId: 'n', seq: 0 });
    await settled();
    expect(order(), 'a removal from before the join').toContain('n');
    server.logs.delete('n');
    server.push('conversation:removed', { conversationId: 'n', seq: 2 });
    await settled();
    expect(order()).not.toContain('n');
    expect(data.messages('n').value.items).toEqual([]);
  });

  it('takes what changed of a conversation from its log', async () => {
    const { server, data, push } = await desk((all) => all.log('a'));
    const log = server.log('a');
    push('a', log.append('conversation.changed', 'you', { title: 'New', avatarFileId: null }));
    push('a', log.append('member.joined', 'you', { members: [{ userId: 'x' }, { userId: 'y' }] }));
    push('a', log.append('member.left', 'x', { userId: 'x' }));
    push('a', log.append('announcement.changed', 'you', { text: 'Tea', authorId: 'you', updatedAt: 't' }));
    push('a', log.append('something.unknown', 'you', {}));
    await settled();
    expect(data.conversations.get('a').value).toMatchObject({
      title: 'New',
      displayTitle: 'New',
      memberCount: 3,
      announcement: { text: 'Tea' },
      headSeq: 5,
    });
    push('a', log.append('announcement.changed', 'you', { text: '', authorId: 'you', updatedAt: 't' }));
    server.push('conversation:settings', {
      conversationId: 'a',
      settings: { muted: true, pinned: true, archived: false },
    });
    await settled();
    expect(data.conversations.get('a').value).toMatchObject({ settings: { muted: true, pinned: true } });
    expect(data.conversations.get('a').value).not.toHaveProperty('announcement');
  });

  it('never goes back to an older answer of the server', async () => {
    const { server, data, push, clockwork } = await desk((all) => all.log('a'));
    const title = () => data.conversations.get('a').value?.title;
    push('a', server.log('a').append('conversation.changed', 'you', { title: 'First' }));
    server.held = [];
    // It asks for what the event does not say; the answer is under way when the next event comes.
    await clockwork.pass(600);
    push('a', server.log('a').append('conversation.changed', 'you', { title: 'Second' }));
    await settled();
    expect(server.held.length).toBe(1);
    server.release(0);
    await settled();
    expect(title()).toBe('Second');
    server.held = undefined;
    await clockwork.pass(5000);
    expect(title()).toBe('Second');
  });

  it('has large ones pushed only while somebody looks, on any tab', async () => {
    const [first, second] = FakeTabs.open(2) as [FakeTabs, FakeTabs];
    const storage = new MemoryStorage();
    const clockwork = new FakeClockwork();
    const tier = { name: 'huge', receipts: 'off', typing: false, push: 'subscribed' } as Conversation['tier'];
    const { server, data } = await desk((all) => all.log('w', { tier }).say('you', '1'), {
      storage,
      clockwork,
      tabs: first,
    });
    const follower = await dataOn({ server, clockwork, storage, tabs: second });
    const told = () => server.asked.flatMap(({ name }) => (name.endsWith('subscribe') ? [name] : []));
    await follower.data.messages('w').open();
    server.log('w').say('you', 'not pushed');
    await data.messages('w').open();
    expect(told()).toEqual(['conversation:subscribe']);
    server.connect();
    await clockwork.pass(1000);
    expect(told(), 'again on a new connection').toEqual(['conversation:subscribe', 'conversation:subscribe']);
    expect(data.messages('w').value.items.length, 'and what came meanwhile').toBe(2);
    data.messages('w').release();
    await settled();
    expect(told().length).toBe(2);
    follower.data.messages('w').release();
    await settled();
    expect(told().at(-1)).toBe('conversation:unsubscribe');
  });

  it('catches up over many conversations and pages', async () => {
    const { server, data, clockwork } = await desk((all) => {
      for (let n = 0; n < 30; n++) all.log(`c${n}`);
    });
    server.disconnect();
    for (let n = 0; n < 30; n++) for (let m = 0; m < 50; m++) server.log(`c${n}`).say('you', `${m}`);
    server.connect();
    await clockwork.pass(1000);
    expect(server.asked.filter(({ name }) => name === 'sync').length).toBeGreaterThan(3);
    expect(data.caughtUp.value).toBe(true);
    expect(data.conversations.unread.value).toEqual({ messages: 1500, mentions: 0, conversations: 30 });
  });
});
