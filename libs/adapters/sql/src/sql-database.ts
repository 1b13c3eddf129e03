import type { EntityManager } from 'typeorm';
import type { Leases } from './leases.js';
import type { Dialect } from './migration-files.js';
import type { MysqlOptions } from './mysql/mysql-engine.js';
import type { SqlEngine } from './sql-engine.js';
import type { SqliteOptions } from './sqlite/sqlite-engine.js';

/**
 * One service's relational store. Reads outside a transaction see the last commit; every write goes through `transaction`.
 * Where the engine cannot be reached or has too much to do, both throw `server.unavailable` or `server.busy`.
 *
 * A driver is loaded with the first database of its kind: a process without tables imports this and carries none.
 */
export class SqlDatabase {
  private constructor(private readonly engine: SqlEngine) {}

  /** Opens (and makes) the file and brings its schema up to date. This process has it to itself. */
  static async openSqlite(options: SqliteOptions): Promise<SqlDatabase> {
    const { SqliteEngine } = await import('./sqlite/sqlite-engine.js');
    return new SqlDatabase(await SqliteEngine.open(options));
  }

  /** Waits for the server, makes the database where that is allowed, and brings its schema up to date. Several processes share it. */
  static async openMysql(options: MysqlOptions): Promise<SqlDatabase> {
    const { MysqlEngine } = await import('./mysql/mysql-engine.js');
    return new SqlDatabase(await MysqlEngine.open(options));
  }

  get dialect(): Dialect {
    return this.engine.dialect;
  }

  /** For reads only. */
  get read(): EntityManager {
    return this.engine.read;
  }

  /** For what only one process of those that share this schema should do at a time. */
  get leases(): Leases {
    return this.engine.leases;
  }

  /** Transactions so far that were run again because they lost against another one. */
  get conflicts(): number {
    return this.engine.conflicts;
  }

  /**
   * Runs `work` in one serializable transaction; it is committed when `work` resolves, and durable when this resolves. `work` may
   * run several times: it has no effects outside the transaction, and uses nothing but `tx` (a second connection could be waited
   * for in a circle). When this throws `server.unavailable`, the commit may have happened.
   */
  transaction<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    return this.engine.transaction(work);
  }

  close(): Promise<void> {
    return this.engine.close();
  }
}
