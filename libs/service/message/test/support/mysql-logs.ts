import { randomBytes } from 'node:crypto';
import { connectionOptions, mysqlAddress, type SqlDatabase } from '@parley/adapter-sql';
import type { EventLog } from '@parley/contracts';
import type { ConversationLog, LogReader } from '@parley/core-message';
import { engine } from '@parley/testing';
import { createConnection } from 'mysql2/promise';
import type { CommitRunner } from '../../src/outbound/commit-runner.js';
import { GroupCommitLog } from '../../src/outbound/group-commit-log.js';
import { logReaderOf } from '../../src/outbound/log-reader-of.js';
import { MessageRelay } from '../../src/outbound/message-relay.js';
import { openMysqlMessageLog } from '../../src/outbound/mysql/open-mysql-message-log.js';
import { LogOfRecords } from './log-of-records.js';

const TABLES = [
  'log_terms',
  'conversations',
  'members',
  'events',
  'fact_keys',
  'mentions',
  'hidden_messages',
  'reactions',
  'pins',
  'outbox',
  'search_progress',
  'search_blocks',
];
const EMPTY = [
  ...TABLES.map((table) => `DELETE FROM ${table}`),
  "UPDATE writers SET owner = '', commit_no = 0, written_at = 0",
];

/** What one message process has. */
export interface Writer {
  database: SqlDatabase;
  runner: CommitRunner;
  relay: MessageRelay;
  log: ConversationLog;
  reader: LogReader;
}

/** Of a process that dies after its commits. */
const DEAD: { [K in keyof MessageRelay]: MessageRelay[K] } = {
  start: () => undefined,
  depth: 0,
  publish: () => undefined,
  loseSight: () => undefined,
  takePublished: () => [],
  giveBack: () => undefined,
  stop: async () => undefined,
};

/** A schema, and as many processes on it as are asked for. */
export class MysqlStore {
  readonly events = new LogOfRecords();
  private readonly writers: Writer[] = [];
  private clock = 1_700_000_000_000;

  constructor(
    readonly url: string,
    private readonly databasePrefix: string,
  ) {}

  get database(): string {
    return `${this.databasePrefix}message`;
  }

  get now(): number {
    return this.clock;
  }

  advance(ms: number): void {
    this.clock += ms;
  }

  /** @param publishes false: a process that dies before it publishes. */
  async writer({ publishes = true, url = this.url, events = this.events as EventLog } = {}): Promise<Writer> {
    const { databasePrefix } = this;
    const windows = { editMs: 86_400_000, recallMs: 120_000 };
    const { database, runner } = await openMysqlMessageLog({ url, databasePrefix, windows, pool: 4 });
    const relay = publishes ? new MessageRelay(runner, events) : (DEAD as unknown as MessageRelay);
    const log = new GroupCommitLog(runner, relay, { now: () => this.clock }, { committed: () => undefined });
    relay.start();
    const writer = { database, runner, relay, log, reader: logReaderOf(database) };
    this.writers.push(writer);
    return writer;
  }

  /** Statements past everything, in a connection of their own. */
  async sql<T>(...statements: string[]): Promise<T[]> {
    const connection = await createConnection(connectionOptions(mysqlAddress(this.url), this.database));
    let rows: unknown = [];
    for (const statement of statements) [rows] = await connection.query(statement);
    await connection.end();
    return rows as T[];
  }

  async close(writer: Writer): Promise<void> {
    this.writers.splice(this.writers.indexOf(writer), 1);
    await writer.relay.stop();
    await writer.runner.close();
    await writer.database.close();
  }

  async closeAll(): Promise<void> {
    for (const writer of [...this.writers]) await this.close(writer);
  }
}

/** Making a schema takes longer than most tests: they are emptied and used again. */
export class MysqlStores {
  private readonly free: MysqlStore[] = [];
  private readonly names: string[] = [];
  private readonly url = (engine('mysql') as { url: string }).url;

  async take(): Promise<MysqlStore> {
    const used = this.free.pop();
    if (used !== undefined) return used;
    const prefix = `parleytest_${randomBytes(6).toString('hex')}_`;
    this.names.push(prefix);
    return new MysqlStore(this.url, prefix);
  }

  async giveBack(store: MysqlStore): Promise<void> {
    await store.closeAll();
    await store.sql(...EMPTY);
    const fresh = new MysqlStore(this.url, store.database.replace(/message$/, ''));
    this.free.push(fresh);
  }

  async drop(): Promise<void> {
    const connection = await createConnection(connectionOptions(mysqlAddress(this.url)));
    for (const name of this.names) await connection.query(`DROP DATABASE IF EXISTS ${name}message`);
    await connection.end();
  }
}
