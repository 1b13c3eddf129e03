import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engine } from '@parley/testing';
import { createConnection } from 'mysql2/promise';
import { connectionOptions, databaseName, mysqlAddress } from '../mysql/mysql-address.js';
import type { MysqlOptions } from '../mysql/mysql-engine.js';
import { SqlDatabase } from '../sql-database.js';

export interface OpenSchema {
  database: SqlDatabase;
  /** As another process would open it: a second pool on the same schema. On SQLite one process has the file, so it is the same. */
  another(): Promise<SqlDatabase>;
  /** Closes all and leaves nothing behind. */
  close(): Promise<void>;
}

/** One dialect of the relational port: `describe.skipIf(sql.missing)(sql.name, …)`. */
export interface SqlUnderTest {
  name: string;
  /** No such engine here. */
  missing: boolean;
  /** A new, empty database with the schema of sql/<schema>. */
  open(schema: string, more?: Partial<MysqlOptions>): Promise<OpenSchema>;
}

export const sqlEngines: readonly SqlUnderTest[] = [
  { name: 'SQLite', missing: false, open: openSqlite },
  { name: 'MySQL', missing: engine('mysql') === undefined, open: openMysql },
];

async function openSqlite(schema: string): Promise<OpenSchema> {
  const directory = await mkdtemp(join(tmpdir(), 'parley-sql-'));
  const database = await SqlDatabase.openSqlite({ schema, directory });
  return {
    database,
    another: async () => database,
    async close() {
      await database.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function openMysql(schema: string, more: Partial<MysqlOptions> = {}): Promise<OpenSchema> {
  const url = more.url ?? (engine('mysql') as { url: string }).url;
  const databasePrefix = `parleytest_${randomBytes(6).toString('hex')}_`;
  const open = () => SqlDatabase.openMysql({ schema, databasePrefix, pool: 10, ...more, url });
  const opened = [await open()];
  return {
    database: opened[0] as SqlDatabase,
    async another() {
      const database = await open();
      opened.push(database);
      return database;
    },
    async close() {
      for (const database of opened) await database.close();
      const connection = await createConnection(connectionOptions(mysqlAddress(url)));
      await connection.query(`DROP DATABASE IF EXISTS \`${databaseName(databasePrefix, schema)}\``);
      await connection.end();
    },
  };
}
