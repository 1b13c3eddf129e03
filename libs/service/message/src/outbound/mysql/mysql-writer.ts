import { randomBytes, randomUUID } from 'node:crypto';
import { connectionOptions, type MysqlAddress } from '@parley/adapter-sql';
import { type Connection, createConnection } from 'mysql2';
import { vectorOfRows, vectorText } from './positions.js';
import { NOW_MS, quoted } from './sql-text.js';

/** What each statement of a packet answered: rows, or a header for those that have none. */
export type Answers = unknown[];

interface WriterRow {
  slot: number;
  owner: string;
  commit_no: number;
  written_at: number;
}

/** Where this writer is in its slot. */
export interface Claim {
  slot: number;
  /** The slot's last commit when this writer took it: those after it are its own. */
  since: number;
  /** The slot's last commit when this connection was made. */
  commitNo: number;
}

/**
 * The server ends a connection that is silent for so long, and with it a transaction whose process was stopped or cut off: its
 * locks stand in everybody's way. A living writer is never silent for long.
 */
const SILENCE_SECONDS = 3;
const PING_MS = 1000;
const LOCK_WAIT_SECONDS = 4;
/** A packet that takes longer has lost its connection; above all waits that the server itself ends. */
const DEADLINE_MS = 6000;

const SESSION = `SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED;
  SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,NO_BACKSLASH_ESCAPES', time_zone = '+00:00',
  innodb_lock_wait_timeout = ${LOCK_WAIT_SECONDS}, wait_timeout = ${SILENCE_SECONDS}`;

/** The one connection of a commit engine, and the slot that it writes in. Connects when it is asked something. */
export class MysqlWriter {
  private readonly owner = randomUUID();
  private connection: Connection | undefined;
  private claimed: Claim | undefined;
  private isBusy = false;
  /** Ends the query that is under way. */
  private fail: (() => void) | undefined;
  private readonly pinging: NodeJS.Timeout;

  constructor(
    private readonly address: MysqlAddress,
    private readonly database: string,
    /** Called for each new connection: what was known of the store may no longer be so. */
    private readonly onConnected: (claim: Claim) => void,
  ) {
    this.pinging = setInterval(() => this.ping(), PING_MS).unref();
  }

  /** Undefined before the first connection. */
  get claim(): Claim | undefined {
    return this.claimed;
  }

  /** Connects if there is no connection, and takes a slot: its own one again, else the one that was least recently written. */
  async connect(): Promise<Claim> {
    if (this.connection !== undefined && this.claimed !== undefined) return this.claimed;
    const connection = createConnection({
      ...connectionOptions(this.address, this.database),
      multipleStatements: true,
      // The text is whole: nothing is to be looked for in it.
      queryFormat: (sql: string) => sql,
    });
    connection.on('error', () => this.disconnect(connection));
    this.connection = connection;
    try {
      await this.query(SESSION);
      this.claimed = await this.begin();
    } catch (error) {
      this.disconnect();
      throw error;
    }
    this.onConnected(this.claimed);
    return this.claimed;
  }

  /** One packet of statements; rejects with the first error, after which the server has not run the rest. */
  query(sql: string): Promise<Answers> {
    const { connection } = this;
    if (connection === undefined) return Promise.reject(lost());
    this.isBusy = true;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.disconnect(connection), DEADLINE_MS);
      const done = (error: unknown, answers?: unknown) => {
        if (this.fail !== fail) return;
        clearTimeout(timer);
        this.isBusy = false;
        this.fail = undefined;
        if (error !== null && error !== undefined) reject(error as Error);
        else resolve(answers as Answers);
      };
      const fail = () => done(lost());
      this.fail = fail;
      connection.query(sql, done);
    });
  }

  /** The next query connects anew. The server undoes what was not committed. */
  disconnect(connection = this.connection): void {
    connection?.destroy();
    if (connection !== this.connection) return;
    this.connection = undefined;
    // A destroyed connection answers nothing any more, also not that it is lost.
    this.fail?.();
  }

  /** Gives the slot back. */
  async close(): Promise<void> {
    clearInterval(this.pinging);
    try {
      if (this.connection !== undefined)
        await this.query(`UPDATE writers SET owner = '' WHERE owner = ${quoted(this.owner)}`);
    } catch {
      // It is the least recently written one soon.
    }
    this.disconnect();
  }

  /** Begins a term. All slots are locked meanwhile, so the vector is exact: no commit is under way. */
  private async begin(): Promise<Claim> {
    const [, found] = await this.query('BEGIN; SELECT slot, owner, commit_no, written_at FROM writers FOR UPDATE');
    const rows = found as WriterRow[];
    const free = (row: WriterRow) => (row.owner === '' ? 0 : 1);
    const row =
      rows.find(({ owner }) => owner === this.owner) ??
      rows.sort((a, b) => free(a) - free(b) || a.written_at - b.written_at)[0];
    if (row === undefined) throw new Error('The table of writers is empty.');
    const since = vectorText(vectorOfRows(rows.sort((a, b) => a.slot - b.slot)));
    await this.query(
      `UPDATE writers SET owner = ${quoted(this.owner)}, written_at = ${NOW_MS} WHERE slot = ${row.slot};
      INSERT INTO log_terms (term, since) VALUES (${quoted(randomBytes(6).toString('hex'))}, ${quoted(since)}); COMMIT`,
    );
    const isMine = row.owner === this.owner && this.claimed?.slot === row.slot;
    return { slot: row.slot, commitNo: row.commit_no, since: isMine ? (this.claimed?.since ?? 0) : row.commit_no };
  }

  /** How a commit begins: the third answer is its number, or no row when somebody else took the slot. */
  get opening(): string {
    const slot = this.claimed?.slot ?? -1;
    return `BEGIN; UPDATE writers SET commit_no = commit_no + 1, written_at = ${NOW_MS} WHERE slot = ${slot} AND owner = ${quoted(this.owner)};
      SELECT commit_no FROM writers WHERE slot = ${slot} AND owner = ${quoted(this.owner)}`;
  }

  private ping(): void {
    const { connection } = this;
    if (connection === undefined || this.isBusy) return;
    // A good answer comes without any argument, whatever the types say.
    connection.ping((error) => {
      if (error) this.disconnect(connection);
    });
  }
}

export function lost(): Error {
  return Object.assign(new Error('The connection to the store is lost.'), {
    code: 'PROTOCOL_CONNECTION_LOST',
    fatal: true,
  });
}
