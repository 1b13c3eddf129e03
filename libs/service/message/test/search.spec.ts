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
});
