import { Mutex } from 'async-mutex';
import { DataSource, type EntityManager } from 'typeorm';
import { translateErrors } from '../driver-errors.js';
import { InProcessLeases } from '../leases.js';
import { migrationsOf } from '../migration-files.js';
import type { Entities, SqlEngine } from '../sql-engine.js';
import { migrateSqlite } from './sqlite-migrations.js';

export interface SqliteOptions {
  /** Name of the schema: folder under sql/ and file name of the database. */
  schema: string;
  /** Folder that holds `<schema>.db`. */
  directory: string;
  entities?: Entities;
}

/**
 * SQLite has one writer: two connections on one WAL file and a mutex before the writing one, because TypeORM would otherwise
 * weave concurrent transactions into each other (the second one is silently rolled back with the first).
 */
export class SqliteEngine implements SqlEngine {
  readonly dialect = 'sqlite';
  readonly leases = new InProcessLeases();
  readonly conflicts = 0;
  private readonly writing = new Mutex();

  private constructor(
    private readonly writer: DataSource,
    private readonly reader: DataSource,
  ) {}

  static async open({ schema, directory, entities }: SqliteOptions): Promise<SqliteEngine> {
    const base = {
      type: 'better-sqlite3' as const,
      database: `${directory}/${schema}.db`,
      enableWAL: true,
      ...(entities === undefined ? {} : { entities }),
    };
    const writer = new DataSource({ ...base, prepareDatabase: (db: PragmaTarget) => durable(db) });
    translateErrors(writer);
    await writer.initialize();
    await migrateSqlite(writer, migrationsOf(schema));
    const reader = new DataSource(base);
    translateErrors(reader);
    await reader.initialize();
    return new SqliteEngine(writer, reader);
  }

  get read(): EntityManager {
    return this.reader.manager;
  }

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
