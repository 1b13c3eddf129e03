import { aFact, aSend, created } from '@parley/core-message/testing';
import { engine, eventually } from '@parley/testing';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type MysqlStore, MysqlStores, type Writer } from './support/mysql-logs.js';
import { StoppableLog } from './support/stopped-log.js';

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);
const CONVERSATIONS = upTo(20).map((i) => `c${i}`);

/** ORDER: each event of a conversation is published for the first time after those before it, whoever publishes. */
describe.skipIf(engine('mysql') === undefined)('relays of several processes on MySQL', () => {
  const stores = engine('mysql') === undefined ? undefined : new MysqlStores();
  let store: MysqlStore;

  beforeEach(async () => {
    store = await (stores as MysqlStores).take();
  });
  afterEach(() => stores?.giveBack(store));
  afterAll(() => stores?.drop());

  const send = (writer: Writer, ids = CONVERSATIONS) =>
    writer.log.commit(ids.map((conversationId) => aSend({ conversationId })));
  const found = (writer: Writer) =>
    writer.log.commit(CONVERSATIONS.map((conversationId) => created(['ann', 'bob'], { conversationId })));
  const isEmpty = async () => (await store.sql<{ n: number }>('SELECT COUNT(*) AS n FROM outbox'))[0]?.n === 0;
  const inOrder = (count: number) => {
    for (const id of CONVERSATIONS) expect(store.events.firstSeqsOf(id)).toEqual(upTo(count));
  };
  const allOf = (count: number) => CONVERSATIONS.every((id) => store.events.firstSeqsOf(id).length === count);

  it('keep the order while conversations change hands with every commit', async () => {
    const [a, b] = await Promise.all([store.writer(), store.writer()]);
    await found(a);
    for (let i = 0; i < 60; i += 1) {
      // At once, so that either may be the first.
      await Promise.all([send(a), send(b)]);
      if (i % 10 === 0) await send(i % 20 === 0 ? a : b);
    }
    await eventually('everything is published', () => allOf(127));
    inOrder(127);
    // Nothing was repeated: nobody died.
    expect(store.events.records.length).toBeLessThanOrEqual(CONVERSATIONS.length * 127);
    await eventually('the outbox is empty', isEmpty);
  });

  it('publish what a dead process left, before what came after it', async () => {
    const [a, dead] = await Promise.all([store.writer(), store.writer({ publishes: false })]);
    await found(a);
    await send(dead);
    await send(dead);
    await send(a, CONVERSATIONS.slice(0, 10));
    await a.log.commit([created(['ann'], { conversationId: 'untouched' })]);
    // Others do not wait for the dead.
    await eventually('the rest goes on', () => store.events.firstSeqsOf('untouched').length === 1, {
      deadlineMs: 1000,
    });
    expect(store.events.firstSeqsOf('c1')).toEqual([1]);
    await eventually(
      'everything is published',
      () => CONVERSATIONS.every((id, i) => store.events.firstSeqsOf(id).length === (i < 10 ? 4 : 3)),
      { deadlineMs: 8000 },
    );
    for (const [i, id] of CONVERSATIONS.entries()) expect(store.events.firstSeqsOf(id)).toEqual(upTo(i < 10 ? 4 : 3));
    await eventually('the outbox is empty', isEmpty);
  });

  it('follow a chain of dead processes in its order', async () => {
    const [a, x, y] = await Promise.all([
      store.writer(),
      store.writer({ publishes: false }),
      store.writer({ publishes: false }),
    ]);
    await found(a);
    for (const writer of [x, y, x, y]) await send(writer);
    await send(a);
    await eventually('everything is published', () => allOf(6), { deadlineMs: 8000 });
    inOrder(6);
  });

  it('keep the order beside a process that is stopped in the middle of publishing, and when it goes on', async () => {
    const way = new StoppableLog(store.events);
    const [a, stopped] = await Promise.all([store.writer(), store.writer({ events: way })]);
    await found(a);
    await send(stopped);
    way.stop();
    await send(stopped);
    await send(stopped);
    await send(a);
    await send(stopped);
    await eventually('the others publish for it', () => allOf(6), { deadlineMs: 10_000 });
    await way.goOn();
    await send(stopped);
    await send(a);
    await eventually('everything is published', () => allOf(8), { deadlineMs: 8000 });
    inOrder(8);
    await eventually('the outbox is empty', isEmpty, { deadlineMs: 8000 });
  });

  it('keep the order over a time in which the event log takes nothing, and memory does not hold it', async () => {
    const [a, b] = await Promise.all([store.writer(), store.writer()]);
    await found(a);
    store.events.isDown = true;
    for (let i = 0; i < 20; i += 1) {
      await send(a);
      await send(b);
    }
    expect(a.relay.depth + b.relay.depth).toBeLessThan(100);
    store.events.isDown = false;
    await eventually('everything is published', () => allOf(41), { deadlineMs: 15_000 });
    inOrder(41);
    await eventually('the outbox is empty', isEmpty, { deadlineMs: 8000 });
  });

  it('publish facts, edits and joins of the dead as they are', async () => {
    const [a, dead] = await Promise.all([store.writer(), store.writer({ publishes: false })]);
    await a.log.commit([created(['ann', 'bob'])]);
    const [sent] = await dead.log.commit([aSend({ text: 'first' })]);
    const { messageId } = sent as { messageId: string };
    await dead.log.commit([
      { kind: 'edit', conversationId: 'c1', messageId, actorId: 'ann', contentJson: '{"text":"second"}' },
      aFact({ is: 'joined', members: [{ userId: 'cat', role: 'member' }] }),
    ]);
    await eventually('everything is published', () => store.events.firstSeqsOf('c1').length === 4, {
      deadlineMs: 8000,
    });
    const text = store.events.records.map(({ value }) => Buffer.from(value).toString()).join();
    expect(text).toContain('second');
    expect(text).not.toContain('first');
    expect(text).toContain('cat');
  });
});
