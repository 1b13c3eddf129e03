import type { Connection, RowDataPacket } from 'mysql2/promise';
import { CannotOpen } from '../cannot-open.js';
import { driverErrorOf } from '../driver-errors.js';
import type { Waiting } from './await-mysql.js';
import { LEASES_TABLE } from './mysql-leases.js';
import { migrateMysql } from './mysql-migrations.js';

export interface Server {
  isMariaDb: boolean;
}

interface SchemaOptions extends Waiting {
  database: string;
  /** Folder. */
  migrations: string;
  /** For messages. */
  user: string;
}

/** ER_DBACCESS_DENIED_ERROR, ER_SPECIFIC_ACCESS_DENIED_ERROR, ER_TABLEACCESS_DENIED_ERROR. */
const DENIED: ReadonlySet<number> = new Set([1044, 1227, 1142]);

/** Makes the database where it is missing and the user may, and brings it up to date. */
export async function prepareSchema(connection: Connection, options: SchemaOptions): Promise<Server> {
  const { database, migrations, onWaiting, user } = options;
  const isMariaDb = String(await one(connection, 'SELECT VERSION()')).includes('MariaDB');
  await makeDatabase(connection, database, user);
  await connection.query(`USE ${quoted(database)}`);
  await refuseLooseCollation(connection, database);
  // Definitions wait for tables in use; not for ever, but longer than a statement of the service may.
  await connection.query('SET SESSION lock_wait_timeout = 60, default_storage_engine = InnoDB');
  await migrateMysql(connection, migrations, database, onWaiting);
  await connection.query(LEASES_TABLE);
  return { isMariaDb };
}

async function makeDatabase(connection: Connection, database: string, user: string): Promise<void> {
  const collation = await bestCollation(connection);
  try {
    await connection.query(
      `CREATE DATABASE IF NOT EXISTS ${quoted(database)} CHARACTER SET utf8mb4 COLLATE ${collation}`,
    );
  } catch (error) {
    if (!DENIED.has(driverErrorOf(error).errno ?? 0)) throw error;
    const there = await one(
      connection,
      'SELECT COUNT(*) FROM information_schema.schemata WHERE schema_name = ?',
      database,
    );
    if (there === 0)
      throw new CannotOpen(
        `The database ${database} is not there, and the user ${user} may not make it: CREATE DATABASE ${database} CHARACTER SET utf8mb4 COLLATE ${collation}; GRANT ALL ON ${database}.* TO '${user}'@'%';`,
      );
  }
}

/** Byte by byte, trailing spaces included, as SQLite compares: under plain utf8mb4_bin the keys 'a' and 'a ' would be one. */
async function bestCollation(connection: Connection): Promise<string> {
  const known = await one(
    connection,
    "SELECT MAX(collation_name) FROM information_schema.collations WHERE collation_name IN ('utf8mb4_nopad_bin', 'utf8mb4_0900_bin')",
  );
  return typeof known === 'string' ? known : 'utf8mb4_bin';
}

async function refuseLooseCollation(connection: Connection, database: string): Promise<void> {
  const collation = String(await one(connection, 'SELECT @@collation_database'));
  if (!/^utf8mb4_.*bin$/.test(collation))
    throw new CannotOpen(
      `The database ${database} compares text by ${collation}, under which different ids are equal. Make it with COLLATE ${await bestCollation(connection)}.`,
    );
}

async function one(connection: Connection, statement: string, ...values: unknown[]): Promise<unknown> {
  const [rows] = await connection.query<RowDataPacket[]>(statement, values);
  return Object.values(rows[0] ?? {})[0];
}

const quoted = (name: string) => `\`${name.replaceAll('`', '``')}\``;
