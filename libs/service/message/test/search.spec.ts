import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqlDatabase } from '@parley/adapter-sql';
import { aSend, created, messageSearchContract, type SearchUnderTest } from '@parley/core-message/testing';
import type { MessageSearchIndex } from '@parley/core-message';
import { engine } from '@parley/testing';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import { SearchThread } from '../src/outbound/search/search-thread.js';
import { SqlSearchIndex } from '../src/outbound/search/sql-search-index.js';
import { SqlSearchSource } from '../src/outbound/search/sql-search-source.js';
import { SqliteSearchIndex } from '../src/outbound/search/sqlite-search-index.js';
import { SqliteCommitEngine } from '../src/outbound/sqlite/sqlite-commit-engine.js';
import { SqliteLogReader } from '../src/outbound/sqlite/sqlite-log-reader.js';
import { GroupCommitLog } from '../src/outbound/group-commit-log.js';
import { MessageRelay } from '../src/outbound/message-relay.js';
import { LogOfRecords } from './support/log-of-records.js';
import { MysqlStores } from './support/mysql-logs.js';

const windows = { editMs: 86_400_000, recallMs: 120_000 };

type IndexOfFile = (file: string) => Promise<MessageSearchIndex & { close(): unknown }>;

async function onSqlite(openIndex: IndexOfFile): Promise<SearchUnderTest> {
  let now = 1_700_000_000_000;
  const directory = mkdtempSync(join(tmpdir(), 'parley-search-'));
  const database = await SqlDatabase.openSqlite({ schema: 'message', directory });
  const engine = new SqliteCommitEngine(`${directory}/message.db`, windows);
  const runner = {
    paceMs: 4,
    commit: async (...given: Parameters<SqliteCommitEngine['commit']>) => engine.commit(...given),
    unpublished: async (limit: number) => engine.unpublished(limit),
    close: async () => engine.close(),
  };
  const relay = new MessageRelay(runner, new LogOfRecords());
  relay.start();
  const index = await openIndex(`${directory}/message-search.db`);
  return {
    log: new GroupCommitLog(runner, relay, { now: () => now }, { committed: () => undefined }),
    reader: new SqliteLogReader(database),
    source: new SqlSearchSource(database),
    index,
    advance: (ms) => void (now += ms),
    async close() {
      await relay.stop();
      await index.close();
      engine.close();
      await database.close();
      rmSync(directory, { recursive: true });
    },
  };
}

messageSearchContract('SQLite', () => onSqlite(async (file) => SqliteSearchIndex.open(file)));
messageSearchContract('SQLite, in a thread', () => onSqlite((file) => SearchThread.open(file)));

describe('the index file', () => {
  it('is made anew where it cannot be read', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'parley-search-'));
    writeFileSync(`${directory}/message-search.db`, 'no database at all, but long enough to be one'.repeat(100));
    const index = SqliteSearchIndex.open(`${directory}/message-search.db`);
    expect(await index.progress([1])).toEqual(new Map());
    index.close();
    rmSync(directory, { recursive: true });
  });

  it('is made anew where its terms are of another version, and holds nothing of a text that was recalled', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'parley-search-'));
    const file = `${directory}/message-search.db`;
    const first = SqliteSearchIndex.open(file);
    const part = (afterSeq: number, seq: number, terms: string[]) => ({
      conversationNo: 5,
      afterSeq,
      progress: { seq, at: 1 },
      entries: new Map([[2, terms]]),
    });
    await first.apply([part(0, 2, ['unspeakable', '秘密'])]);
    expect(await first.find(['秘密'], [{ conversationNo: 5, fromSeq: 1, toSeq: 9 }], 5)).toMatchObject([{ seqs: [2] }]);
    await first.apply([part(2, 3, [])]);
    first.close();
    const raw = new Database(file);
    raw.pragma('wal_checkpoint(TRUNCATE)');
    expect(raw.serialize().includes('unspeakable')).toBe(false);
    raw.pragma('user_version = 77');
    raw.close();
    const second = SqliteSearchIndex.open(file);
    expect(await second.progress([5])).toEqual(new Map());
    second.close();
    rmSync(directory, { recursive: true });
  });
});

describe.skipIf(engine('mysql') === undefined)('search on MySQL', () => {
  const stores = engine('mysql') === undefined ? undefined : new MysqlStores();
  afterAll(() => stores?.drop());

  /** @param processes the log and the index are used through them in turn. */
  const onMysql = (processes: number) => async (): Promise<SearchUnderTest> => {
    const store = await (stores as MysqlStores).take();
    const writers = await Promise.all(Array.from({ length: processes }, () => store.writer()));
    let turn = 0;
    const next = () => writers[turn++ % processes] as (typeof writers)[number];
    const indexes = writers.map(({ database }) => new SqlSearchIndex(database));
    const first = indexes[0] as SqlSearchIndex;
    const last = indexes.at(-1) as SqlSearchIndex;
    return {
      log: { commit: (changes) => next().log.commit(changes) },
      reader: (writers.at(-1) as (typeof writers)[number]).reader,
      source: new SqlSearchSource((writers[0] as (typeof writers)[number]).database),
      index: {
        progress: (nos) => first.progress(nos),
        apply: (parts) => (indexes[turn++ % processes] as SqlSearchIndex).apply(parts),
        forget: (no) => first.forget(no),
        find: (terms, scopes, each) => last.find(terms, scopes, each),
      },
      advance: (ms) => store.advance(ms),
      close: () => (stores as MysqlStores).giveBack(store),
    };
  };

  messageSearchContract('MySQL', onMysql(1));
  messageSearchContract('MySQL, two processes', onMysql(2));

  it('looks at the newest part of a list without end, and says how far', async () => {
    const test = await onMysql(1)();
    await test.log.commit([created(['ann', 'bob']), aSend({ text: 'x' })]);
    const [scope] = await test.index.find(['absent'], [{ conversationNo: 1, fromSeq: 1, toSeq: 120_000 }], 5);
    expect(scope).toEqual({ conversationNo: 1, seqs: [], reachedSeq: 70_001 });
    await test.close();
  });

  it('changes messages where they lie, in blocks as in the tail, and leaves nothing of them', async () => {
    const test = await onMysql(2)();
    const terms = (seq: number) => [`all`, `only${seq}`, ...Array.from({ length: 40 }, (_, i) => `w${seq}x${i}`)];
    const part = (afterSeq: number, to: number, entries: [number, string[]][]) => ({
      conversationNo: 7,
      afterSeq,
      progress: { seq: to, at: 1 },
      entries: new Map(entries),
    });
    const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
    for (let seq = 1; seq <= 200; seq += 1) await test.index.apply([part(seq - 1, seq, [[seq, terms(seq)]])]);
    await test.index.apply([
      part(
        200,
        900,
        range(201, 900).map((seq) => [seq, terms(seq)]),
      ),
    ]);
    const find = async (term: string, fromSeq = 1, toSeq = 5000, each = 2000) => {
      const [found] = await test.index.find([term], [{ conversationNo: 7, fromSeq, toSeq }], each);
      return found;
    };
    expect(await find('all')).toEqual({ conversationNo: 7, seqs: range(1, 900).reverse(), reachedSeq: 1 });
    expect(await find('all', 100, 850, 50)).toMatchObject({ seqs: range(801, 850).reverse(), reachedSeq: 801 });
    expect(await find('all', 333, 333)).toMatchObject({ seqs: [333], reachedSeq: 333 });
    for (const seq of [1, 57, 200, 201, 560, 900])
      expect((await find(`only${seq}`))?.seqs, `message ${seq}`).toContain(seq);
    // One by one and together, a whole block and its neighbours, and again after that.
    const gone = [...range(40, 140), 900];
    await test.index.apply([
      part(900, 901, [
        [57, []],
        [300, ['all', 'edited']],
        [899, ['edited']],
      ]),
    ]);
    await test.index.apply([
      part(
        901,
        902,
        gone.map((seq) => [seq, []]),
      ),
    ]);
    await test.index.apply([
      part(902, 903, [
        [90, ['back']],
        [903, ['all']],
      ]),
    ]);
    expect((await find('edited'))?.seqs).toEqual([899, 300]);
    expect((await find('back'))?.seqs).toEqual([90]);
    const kept = range(1, 903).filter((seq) => ![...gone, 899, 901, 902].includes(seq));
    expect((await find('all'))?.seqs).toEqual(kept.reverse());
    for (const seq of [57, 139, 900, 899, 300]) expect((await find(`only${seq}`))?.seqs).not.toContain(seq);
    await test.index.forget(7);
    expect((await find('all'))?.seqs).toEqual([]);
    await test.close();
  });

  it('finds messages that are far apart, from any place between them', async () => {
    const test = await onMysql(1)();
    const seqs = [1, 2000, 2100, 9000, 9001, 30_000];
    for (const [i, seq] of seqs.entries())
      await test.index.apply([
        {
          conversationNo: 8,
          afterSeq: seqs[i - 1] ?? 0,
          progress: { seq, at: 1 },
          entries: new Map([[seq, ['rare']]]),
        },
      ]);
    for (const from of [0, 1, 2, 2000, 2050, 2100, 8999, 9001, 30_000])
      for (const to of [1, 1999, 2000, 5000, 9000, 29_999, 40_000]) {
        const [found] = await test.index.find(['rare'], [{ conversationNo: 8, fromSeq: from, toSeq: to }], 10);
        expect(found?.seqs, `${from} to ${to}`).toEqual(seqs.filter((seq) => seq >= from && seq <= to).reverse());
      }
    await test.close();
  });
});
