import { Mutex } from 'async-mutex';
import { DataSource, type EntityManager, type EntitySchema, type MixedList } from 'typeorm';
import { migrate } from './migrations.js';

export interface SqliteOptions {
  /** Name of the schema: folder under sql/ and file name of the database. */
  schema: string;
  /** Folder that holds `<schema>.db`. */
  directory: string;
  // eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- TypeORM's own type for classes
  entities?: MixedList<Function | string | EntitySchema>;
}

/**
 * One service's relational store. Reads outside a transaction see the last commit; every write goes through `transaction`.
 *
 * SQLite has one writer: two connections on one WAL file and a mutex before the writing one, because TypeORM would otherwise
 * weave concurrent transactions into each other (the second one is silently rolled back with the first).
 */
export class SqlDatabase {
  private readonly writing = new Mutex();

  private constructor(
    private readonly writer: DataSource,
    private readonly reader: DataSource,
  ) {}

  /** Opens (and makes) the database and brings its schema up to date. */
  static async openSqlite(options: SqliteOptions): Promise<SqlDatabase> {
    const base = {
      type: 'better-sqlite3' as const,
      database: `${options.directory}/${options.schema}.db`,
      enableWAL: true,
      ...(options.entities === undefined ? {} : { entities: options.entities }),
    };
    const writer = await new DataSource({ ...base, prepareDatabase: (db: PragmaTarget) => durable(db) }).initialize();
    await migrate(writer, options.schema);
    const reader = await new DataSource(base).initialize();
    return new SqlDatabase(writer, reader);
  }

  /** For reads only. */
  get read(): EntityManager {
    return this.reader.manager;
  }

  /** Runs `work` in one transaction; it is committed when `work` resolves, and durable when this resolves. */
  transaction<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    return this.writing.runExclusive(() => this.writer.transaction(work));
  }

  async close(): Promise<void> {
    await this.writing.runExclusive(async () => {
      await this.reader.destroy();
      await this.writer.destroy();
    });
  }
}

interface PragmaTarget {
  pragma(text: string): unknown;
}

/** FULL: a commit is on disk before it is answered (G1). */
function durable(db: PragmaTarget): void {
  db.pragma('synchronous = FULL');
  db.pragma('busy_timeout = 5000');
  db.pragma('foreign_keys = ON');
}
