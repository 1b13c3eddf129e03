import { describe, expect, it } from 'vitest';
import type { DataHalf } from '../data.js';
import { MemoryStorage } from '../store/memory-storage.js';
import { dataOn } from '../testing/data-under-test.js';
import { FakeClockwork, settled } from '../testing/fake-clockwork.js';
import { FakeServer } from '../testing/fake-server.js';
import { FakeTabs } from '../testing/fake-tabs.js';

const seqs = (data: DataHalf) =>
  data.messages('c').value.items.map((item) => (item.kind === 'message' ? item.message.seq : item.notice.seq));
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);

async function desk(messages: number, part: Parameters<typeof dataOn>[0] = {}) {
  const server = part.server ?? new FakeServer('me');
  const log = server.log('c');
  for (let n = log.head; n < messages; n++) log.say('you', `text ${n + 1}`);
  const made = await dataOn({ ...part, server });
  server.connect();
  await made.clockwork.pass(1000);
  const push = (...events: ReturnType<typeof log.page>) =>
    server.push('conversation:events', { conversationId: 'c', epoch: log.epoch, events });
  return { ...made, log, push, window: made.data.messages('c') };
}

describe('a window', () => {
  it('opens at the end, and goes back to the beginning', async () => {
    const { data, window } = await desk(120);
    expect(window.value).toMatchObject({ items: [], loading: undefined });
    await window.open();
    expect(seqs(data)).toEqual(range(71, 120));
    expect(window.value).toMatchObject({ hasOlder: true, hasNewer: false, loading: undefined });
    await window.loadOlder();
    await window.loadOlder();
    expect(seqs(data)).toEqual(range(1, 120));
    expect(window.value.hasOlder).toBe(false);
  });

  it('opens from what is stored, without asking', async () => {
    const storage = new MemoryStorage();
    const first = await desk(120, { storage });
    await first.window.open();
    first.data.stop();
    const { server } = first;
    server.disconnect();
    server.called.length = 0;
    const { data } = await dataOn({ server, storage });
    await data.messages('c').open();
    expect(seqs(data)).toEqual(range(71, 120));
    expect(server.called).toEqual([]);
  });

  it('grows with what is pushed, and fills what a push jumped over', async () => {
    const { data, log, push, window, server } = await desk(10);
    await window.open();
    push(log.say('you', 'x'));
    await settled();
    expect(seqs(data)).toEqual(range(1, 11));
    log.say('you', 'lost');
    push(log.say('you', 'y'));
    await settled();
    expect(seqs(data)).toEqual(range(1, 13));
    expect(server.asked.filter(({ name }) => name === 'sync').length, 'by one question about the one').toBe(1);
  });

  it('jumps to a place, goes on in both directions, and comes back', async () => {
    const { data, log, push, window } = await desk(400);
    await window.open();
    expect(await window.jumpTo({ seq: 200 })).toBe('m200');
    expect(seqs(data)).toEqual(range(175, 225));
    expect(window.value).toMatchObject({ hasOlder: true, hasNewer: true });
    push(log.say('you', 'meanwhile'));
    await settled();
    expect(seqs(data), 'new ones lie beyond it').toEqual(range(175, 225));
    await window.loadNewer();
    await window.loadOlder();
    expect(seqs(data)).toEqual(range(125, 275));
    await window.toLatest();
    expect(seqs(data)?.at(-1)).toBe(401);
    expect(window.value.hasNewer).toBe(false);
  });

  it('reaches the end by going on, and is live from there', async () => {
    const { data, log, push, window } = await desk(130);
    await window.open();
    await window.jumpTo({ seq: 10 });
    while (window.value.hasNewer) await window.loadNewer();
    push(log.say('you', 'new'));
    await settled();
    expect(seqs(data)).toEqual(range(1, 131));
  });

  it('jumps to the first unread message of somebody else', async () => {
    const { data, log, window, clockwork } = await desk(60);
    await window.open();
    data.conversations.markRead('c', 30);
    await clockwork.pass(1000);
    expect(log.readSeq).toBe(30);
    expect(await window.jumpTo('first-unread')).toBe('m31');
  });

  it('shows edits and recalls, and leaves items alone that did not change', async () => {
    const { log, push, window } = await desk(3);
    await window.open();
    const before = window.value.items;
    push(log.edit(2, 'other') as never);
    await settled();
    const after = window.value.items;
    expect(after[1]).toMatchObject({ message: { content: { text: 'other' }, editedAt: expect.any(String) as string } });
    expect([after[0] === before[0], after[1] === before[1], after[2] === before[2]]).toEqual([true, false, true]);
    push(log.recall(2) as never);
    await settled();
    expect(window.value.items[1]).not.toHaveProperty('message.content');
  });

  it('lets go of what was deleted for me', async () => {
    const { data, window, server } = await desk(3);
    await window.open();
    await window.remove('m2');
    await settled();
    expect(seqs(data)).toEqual([1, 3]);
    server.push('message:deleted', { conversationId: 'c', messageId: 'm3', seq: 3 });
    await settled();
    expect(seqs(data)).toEqual([1]);
    expect(data.conversations.get('c').value?.lastMessage?.seq).toBe(1);
  });

  it('begins anew when the log was put back to a backup', async () => {
    const { data, log, window, server, clockwork } = await desk(60);
    await window.open();
    log.restore(20);
    server.connect();
    await clockwork.pass(1000);
    expect(seqs(data)).toEqual(range(1, 20));
  });

  it('shows a reaction before the answer, and takes it back when it is refused', async () => {
    const { window, server } = await desk(1);
    await window.open();
    const reactions = () => {
      const [item] = window.value.items;
      return item?.kind === 'message' ? item.message.reactions : undefined;
    };
    server.held = [];
    const refused = window.react('m1', '👍', true);
    await settled();
    expect(reactions()).toEqual([{ emoji: '👍', count: 1, userIds: ['me'], mine: true }]);
    server.disconnect();
    server.release(0);
    await expect(refused).rejects.toMatchObject({ code: 'client.timeout' });
    await settled();
    expect(reactions()).toBeUndefined();
  });

  it('says why it could not load, and tries again with the next connection', async () => {
    const { data, window, server, clockwork } = await desk(200);
    const { call } = server.rest;
    server.rest.call = () => Promise.reject(Object.assign(new Error(), { code: 'client.offline', retryable: true }));
    await window.open();
    expect(window.value.error).toMatchObject({ code: 'client.offline' });
    server.rest.call = call;
    server.connect();
    await clockwork.pass(1000);
    expect(seqs(data)).toEqual(range(151, 200));
    expect(window.value.error).toBeUndefined();
  });

  it('takes one event at 10,000 messages without going through all of them', async () => {
    const { log, push, window } = await desk(10_000, { clockwork: new FakeClockwork() });
    await window.open();
    while (window.value.hasOlder) await window.loadOlder();
    expect(window.value.items.length).toBe(10_000);
    const times: number[] = [];
    for (let n = 0; n < 50; n++) {
      const event = log.say('you', 'one more');
      const begin = performance.now();
      push(event);
      while (window.value.items.length === 10_000 + n) await Promise.resolve();
      times.push(performance.now() - begin);
      await settled();
    }
    expect(window.value.items.length).toBe(10_050);
    const median = times.sort((a, b) => a - b)[25] as number;
    // Generous, for a busy machine: making 10,000 items anew takes longer.
    expect(median).toBeLessThan(5);
  });
});

it('follows a leader that was gone before it told the other tabs', async () => {
  const [first, second] = FakeTabs.open(2) as [FakeTabs, FakeTabs];
  const storage = new MemoryStorage();
  const { data, log, push, server, clockwork } = await desk(10, { storage, tabs: first });
  await data.messages('c').open();
  const follower = await dataOn({ server, clockwork, storage, tabs: second });
  await follower.data.messages('c').open();
  first.post = () => undefined;
  push(log.say('you', 'stored, and never told'));
  push(log.edit(5, 'neither was this') as never);
  await settled();
  expect(seqs(follower.data)).toEqual(range(1, 10));
  data.stop();
  first.handOver(second);
  await clockwork.pass(1000);
  expect(seqs(follower.data)).toEqual(range(1, 11));
  expect(follower.data.messages('c').value.items[4]).toMatchObject({
    message: { content: { text: 'neither was this' } },
  });
  expect(follower.data.messages('c').value.hasNewer).toBe(false);
});
