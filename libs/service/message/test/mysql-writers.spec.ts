import { mysqlAddress } from '@parley/adapter-sql';
import { ConversationStates, type LogChange, SyncDevice } from '@parley/core-message';
import { aCursor, aFact, aSend, created } from '@parley/core-message/testing';
import { DomainError } from '@parley/kernel';
import { engine, eventually, never } from '@parley/testing';
import { createConnection } from 'mysql2/promise';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CuttingProxy } from './support/cutting-proxy.js';
import { type MysqlStore, MysqlStores, type Writer } from './support/mysql-logs.js';

const seqOf = (outcome: unknown) => (outcome as { seq: number }).seq;
const codeOf = (outcome: unknown) => (outcome instanceof DomainError ? outcome.code : 'ok');

/** Several processes write one log. */
describe.skipIf(engine('mysql') === undefined)('two writers on MySQL', () => {
  const stores = engine('mysql') === undefined ? undefined : new MysqlStores();
  let store: MysqlStore;
  let a: Writer;
  let b: Writer;

  beforeEach(async () => {
    store = await (stores as MysqlStores).take();
    [a, b] = await Promise.all([store.writer(), store.writer()]);
  });
  afterEach(() => stores?.giveBack(store));
  afterAll(() => stores?.drop());

  const seqs = async (conversationId: string) => {
    const { no } = (await a.reader.conversation(conversationId)) ?? { no: 0 };
    return (await a.reader.events(no, 0, 10_000)).map(({ seq }) => seq);
  };
  const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

  it('give parallel sends of both the seqs 1…N, each once', async () => {
    await a.log.commit([created(['ann', 'bob'])]);
    const outcomes = await Promise.all(upTo(400).map((i) => (i % 2 === 0 ? a : b).log.commit([aSend()])));
    expect(outcomes.map(([o]) => seqOf(o)).sort((x, y) => x - y)).toEqual(upTo(401).slice(1));
    expect(await seqs('c1')).toEqual(upTo(401));
    expect(await b.reader.conversation('c1')).toMatchObject({ headSeq: 401, messageCount: 400 });
  });

  it('stay connected while they have nothing to write', async () => {
    await a.log.commit([created(['ann', 'bob'])]);
    const terms = async () => (await store.sql<{ n: number }>('SELECT COUNT(*) AS n FROM log_terms'))[0]?.n;
    const before = await terms();
    // Each connection begins a term; some pings go by.
    await never('a new term', () => false, 2500);
    await Promise.all([a.log.commit([aSend()]), b.log.commit([aSend()])]);
    expect(await terms()).toBe(before);
  });

  it('make one message of a send that reaches both at once', async () => {
    await a.log.commit([created(['ann', 'bob'])]);
    for (let round = 0; round < 20; round += 1) {
      const send = aSend();
      const [[x], [y]] = await Promise.all([
        a.log.commit([send]),
        b.log.commit([aSend(), send]).then((o) => o.slice(1)),
      ]);
      expect(seqOf(x)).toBe(seqOf(y));
    }
    const rows = await store.sql<{ n: number }>('SELECT COUNT(*) AS n FROM events WHERE send_key IS NOT NULL');
    expect(rows).toEqual([{ n: 40 }]);
  });

  it('make one message of a key that reaches two conversations at once, and call the other a conflict', async () => {
    await a.log.commit([created(['ann']), created(['ann'], { conversationId: 'c2' })]);
    for (let round = 0; round < 20; round += 1) {
      const clientMsgId = `both-${round}`;
      const both = await Promise.all([
        a.log.commit([aSend({ clientMsgId, fingerprint: 1 })]),
        b.log.commit([aSend({ clientMsgId, fingerprint: 2, conversationId: 'c2' })]),
      ]);
      expect(both.flat().map(codeOf).sort()).toEqual(['message.idempotency_conflict', 'ok']);
    }
    expect((await seqs('c1')).length + (await seqs('c2')).length).toBe(22);
  });

  it('make one conversation of a creation that reaches both at once', async () => {
    for (let round = 0; round < 10; round += 1) {
      const make = created(['ann', 'bob'], { conversationId: `n${round}` });
      const [x, y] = await Promise.all([a.log.commit([make]), b.log.commit([make])]);
      expect(x).toEqual(y);
      expect(await seqs(`n${round}`)).toEqual([1]);
    }
  });

  it('cross each other’s batches without a deadlock that anybody sees', async () => {
    const ids = upTo(60).map((i) => `c${i}`);
    await a.log.commit(ids.map((conversationId) => created(['ann', 'bob'], { conversationId })));
    const batch = (order: string[]) => order.map((conversationId) => aSend({ conversationId }));
    const rounds = upTo(15).flatMap(() => [a.log.commit(batch(ids)), b.log.commit(batch([...ids].reverse()))]);
    expect(
      (await Promise.all(rounds))
        .flat()
        .map(codeOf)
        .every((code) => code === 'ok'),
    ).toBe(true);
    for (const id of ids) expect(await seqs(id)).toEqual(upTo(31));
  });

  it('see at once what the other decided: removals, blocks, cursors, joins', async () => {
    await a.log.commit([created(['ann', 'bob']), aSend({ senderId: 'bob' })]);
    await b.log.commit([aSend({ senderId: 'bob' }), aCursor({ userId: 'ann', readSeq: 2 })]);
    const send = async (writer: Writer) => codeOf((await writer.log.commit([aSend({ senderId: 'bob' })]))[0]);
    expect([await send(a), await send(b)]).toEqual(['ok', 'ok']);
    await b.log.commit([aFact({ is: 'restricted', userId: 'bob', blocked: true })]);
    expect([await send(a), await send(b)]).toEqual(['message.blocked', 'message.blocked']);
    await a.log.commit([aFact({ is: 'restricted', userId: 'bob', blocked: false })]);
    expect([await send(b), await send(a)]).toEqual(['ok', 'ok']);
    await a.log.commit([aFact({ is: 'gone', userId: 'bob', removed: true })]);
    expect([await send(b), await send(a)]).toEqual(['message.not_a_member', 'message.not_a_member']);
    await a.log.commit([aFact({ is: 'joined', members: [{ userId: 'bob', role: 'member' }] })]);
    // What bob read and sent before is not lost by a writer that remembers an older row of his.
    const [, cursor] = await b.log.commit([aSend({ senderId: 'bob' }), aCursor({ userId: 'ann', readSeq: 1 })]);
    expect(cursor).toMatchObject({ readSeq: 2, moved: false, unreadCount: 6 });
    const [ann] = await a.reader.memberships('ann', ['c1']);
    expect(ann?.member).toMatchObject({ readSeq: 2, readMessageNo: 1 });
    const [bob] = await a.reader.memberships('bob', ['c1']);
    expect(bob?.member).toMatchObject({ sentCount: 7 });
  });

  it('commit the neighbours of what cannot be written', async () => {
    await a.log.commit([created(['ann', 'bob'])]);
    const [first] = await a.log.commit([aSend()]);
    const { messageId } = first as { messageId: string };
    const noJson: LogChange = { kind: 'edit', conversationId: 'c1', messageId, actorId: 'ann', contentJson: '{' };
    const tooLong = aSend({ deviceId: 'x'.repeat(65) });
    const outcomes = await a.log.commit([aSend(), tooLong, aSend(), noJson, aSend({ text: "it's \\ 'fine'? ??" })]);
    expect(outcomes.map(codeOf)).toEqual(['ok', 'server.internal', 'ok', 'server.internal', 'ok']);
    const { no } = (await a.reader.conversation('c1')) ?? { no: 0 };
    expect((await a.reader.events(no, 4, 1))[0]?.data).toBe(JSON.stringify({ text: "it's \\ 'fine'? ??" }));
  });

  it('lose and repeat nothing when their connections are killed again and again', async () => {
    await a.log.commit([created(['ann', 'bob'])]);
    const admin = await createConnection(store.url);
    let isOver = false;
    let kills = 0;
    const killing = (async () => {
      while (!isOver) {
        const [rows] = await admin.query(
          `SELECT id FROM information_schema.processlist WHERE db = '${store.database}' AND id <> CONNECTION_ID() ORDER BY RAND() LIMIT 1`,
        );
        for (const { id } of rows as { id: number }[])
          await admin.query(`KILL CONNECTION ${id}`).then(
            () => (kills += 1),
            () => undefined,
          );
        await new Promise((resolve) => setTimeout(resolve, 15));
      }
    })();
    const send = async (writer: Writer) => {
      const change = aSend();
      for (;;) {
        try {
          return seqOf((await writer.log.commit([change]))[0]);
        } catch (error) {
          expect(error).toMatchObject({ code: 'server.unavailable' });
        }
      }
    };
    const answers: number[] = [];
    const client = async (writer: Writer) => {
      for (let i = 0; i < 40; i += 1) answers.push(await send(writer));
    };
    await Promise.all([a, b, a, b, a, b].map(client));
    isOver = true;
    await killing;
    await admin.end();
    expect(kills).toBeGreaterThan(5);
    expect(answers.sort((x, y) => x - y)).toEqual(upTo(241).slice(1));
    expect(await seqs('c1')).toEqual(upTo(241));
  });

  it('know what became of a commit whose answer was lost', async () => {
    const address = mysqlAddress(store.url);
    const proxy = await CuttingProxy.before(address.host, address.port);
    const url = `mysql://${address.user}:${address.password}@127.0.0.1:${proxy.port}`;
    const c = await store.writer({ url });
    await c.log.commit([created(['ann', 'bob'])]);
    proxy.loseAnswerTo('message.created');
    const [sent] = await c.log.commit([aSend()]);
    expect(sent).toMatchObject({ seq: 2, repeated: false });
    const { messageId } = sent as { messageId: string };
    proxy.loseAnswerTo('message.edited');
    const edit: LogChange = {
      kind: 'edit',
      conversationId: 'c1',
      messageId,
      actorId: 'ann',
      contentJson: '{"text":"new"}',
    };
    await c.log.commit([edit]);
    // A packet that the server did not run to its end leaves nothing.
    proxy.loseAnswerTo('FOR UPDATE');
    expect((await c.log.commit([aSend()]))[0]).toMatchObject({ seq: 4, repeated: false });
    expect(proxy.cuts).toBe(3);
    expect(await seqs('c1')).toEqual([1, 2, 3, 4]);
    await store.close(c);
    await proxy.close();
  });

  it('do not wait long for one that was stopped inside a transaction, and that one repeats nothing', async () => {
    const address = mysqlAddress(store.url);
    const proxy = await CuttingProxy.before(address.host, address.port);
    const c = await store.writer({ url: `mysql://${address.user}:${address.password}@127.0.0.1:${proxy.port}` });
    await c.log.commit([created(['ann', 'bob'])]);
    proxy.stopAfter('FOR UPDATE');
    const stopped = c.log.commit([aSend()]);
    await eventually('it holds the lock', async () => {
      const [row] = await store.sql<{ n: number }>(
        'SELECT COUNT(*) AS n FROM information_schema.innodb_trx WHERE trx_rows_locked > 1',
      );
      return (row?.n ?? 0) > 0;
    });
    const startedAt = performance.now();
    expect((await a.log.commit([aSend()])).map(codeOf)).toEqual(['ok']);
    expect(performance.now() - startedAt).toBeLessThan(6000);
    expect((await stopped).map(codeOf)).toEqual(['ok']);
    expect(await seqs('c1')).toEqual([1, 2, 3]);
    await store.close(c);
    await proxy.close();
  });

  it('go on in another slot when theirs was taken', async () => {
    await a.log.commit([created(['ann', 'bob'])]);
    await store.sql("UPDATE writers SET owner = 'somebody else' WHERE owner <> ''");
    const outcomes = await Promise.all([a.log.commit([aSend()]), b.log.commit([aSend()])]);
    expect(outcomes.flat().map(codeOf)).toEqual(['ok', 'ok']);
    expect(await seqs('c1')).toEqual([1, 2, 3]);
    const owners = await store.sql<{ n: number }>("SELECT COUNT(*) AS n FROM writers WHERE owner <> ''");
    expect(owners).toEqual([{ n: 4 }]);
  });

  it('give devices positions that hold of each conversation what was committed, by whomever', async () => {
    const ids = ['c1', 'c2', 'c3'];
    await a.log.commit(ids.map((conversationId) => created(['ann', 'bob'], { conversationId })));
    let isOver = false;
    const busy = [a, b].map(async (writer) => {
      while (!isOver) await writer.log.commit(ids.map((conversationId) => aSend({ conversationId })));
    });
    const sync = new SyncDevice(b.reader, new ConversationStates(b.reader), () => 1_700_000_000_000);
    const has = new Map<string, number>();
    let cursor = '';
    const step = async () => {
      const page = await sync.execute({ actorId: 'bob', cursor, heads: [], limit: 50 });
      for (const { conversationId, events } of page.events)
        for (const { row } of events) {
          // Pages may repeat what came while they were made; they never skip.
          expect(row.seq).toBeLessThanOrEqual((has.get(conversationId) ?? 0) + 1);
          has.set(conversationId, Math.max(row.seq, has.get(conversationId) ?? 0));
        }
      expect(page.resets).toEqual([]);
      cursor = page.nextCursor;
      return page.caughtUp;
    };
    for (let i = 0; i < 60; i += 1) await step();
    isOver = true;
    await Promise.all(busy);
    while (!(await step())) await Promise.resolve();
    while (!(await step())) await Promise.resolve();
    for (const id of ids) expect(has.get(id)).toBe((await seqs(id)).length);
  });

  it('make devices load everything anew after a backup was put back, also when the log has grown beyond what they saw', async () => {
    const tables = ['writers', 'log_terms', 'conversations', 'members', 'events'];
    await a.log.commit([created(['ann', 'bob']), aSend()]);
    const kept = await a.reader.position();
    await store.sql(...tables.map((table) => `CREATE TABLE kept_${table} AS SELECT * FROM ${table}`));
    for (let i = 0; i < 3; i += 1) await a.log.commit([aSend()]);
    const lost = await a.reader.position();
    expect([await a.reader.holds(kept), await a.reader.holds(lost)]).toEqual([true, true]);
    await store.closeAll();
    await store.sql(
      ...tables.flatMap((table) => [
        `DELETE FROM ${table}`,
        `INSERT INTO ${table} SELECT * FROM kept_${table}`,
        `DROP TABLE kept_${table}`,
      ]),
    );
    const c = await store.writer();
    a = c;
    for (let i = 0; i < 10; i += 1) await c.log.commit([aSend()]);
    expect([await c.reader.holds(kept), await c.reader.holds(lost)]).toEqual([true, false]);
    expect(await c.reader.holds(await c.reader.position())).toBe(true);
  });
});
