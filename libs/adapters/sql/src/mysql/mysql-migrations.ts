import { createHash } from 'node:crypto';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { CannotOpen } from '../cannot-open.js';
import { driverErrorOf, isConnectionLost } from '../driver-errors.js';
import {
  checksumOf,
  type MigrationFile,
  MIGRATIONS_TABLE,
  pendingMigrations,
  readMigrations,
} from '../migration-files.js';

const STEPS_TABLE = `CREATE TABLE IF NOT EXISTS schema_migration_steps (
  name VARCHAR(120) NOT NULL,
  step INTEGER NOT NULL,
  checksum CHAR(64) NOT NULL,
  state VARCHAR(5) NOT NULL,
  PRIMARY KEY (name, step)
) ENGINE=InnoDB`;

/** Table, column or index is there already; or is gone already: what a statement finds whose first run nobody recorded. */
const HAPPENED: ReadonlySet<number> = new Set([1050, 1060, 1061, 1051, 1091, 1146]);
const CHANGES_ROWS = /^(INSERT|UPDATE|DELETE|REPLACE)\b/i;
const LOCK_SLICE_SECONDS = 2;

type Step = { checksum: string; state: 'begun' | 'done' };

/**
 * Runs what was not run yet. Statements that define tables commit by themselves on MySQL, so every statement is recorded by its
 * own: a run that is cut short goes on at the next start where it stopped, and the statements before stay in force (migrations
 * add, so the processes of the version before go on with them). Statements that change rows commit together with their record;
 * before the others a mark is set, which tells the next run that "already exists" is this very statement's work.
 *
 * One process at a time, by a named lock that the server drops when its connection ends.
 */
export async function migrateMysql(
  connection: Connection,
  directory: string,
  database: string,
  onWaiting: (line: string) => void = () => undefined,
): Promise<void> {
  const lock = `parley.${createHash('sha1').update(database).digest('hex')}`;
  while ((await valueOf(connection, 'SELECT GET_LOCK(?, ?) AS v', [lock, LOCK_SLICE_SECONDS])) !== 1)
    onWaiting(`waiting for another process that migrates the database ${database}`);
  try {
    await connection.query(MIGRATIONS_TABLE);
    await connection.query(STEPS_TABLE);
    const [applied] = await connection.query<RowDataPacket[]>('SELECT name, checksum FROM schema_migrations');
    const files = pendingMigrations(
      readMigrations(directory, 'mysql'),
      applied as { name: string; checksum: string }[],
      directory,
    );
    for (const file of files) await runFile(connection, directory, file);
  } finally {
    await connection.query('DO RELEASE_LOCK(?)', [lock]).catch(() => undefined);
  }
}

async function runFile(connection: Connection, directory: string, file: MigrationFile): Promise<void> {
  const { name, checksum, statements } = file;
  const [rows] = await connection.query<RowDataPacket[]>(
    'SELECT step, checksum, state FROM schema_migration_steps WHERE name = ?',
    [name],
  );
  const steps = new Map(rows.map((row) => [Number(row['step']), row as unknown as Step]));
  for (const [index, statement] of statements.entries()) {
    const known = steps.get(index);
    const sum = checksumOf(statement);
    if (known !== undefined && known.checksum !== sum && known.state === 'done')
      throw new CannotOpen(
        `${directory}/${name}: statement ${index + 1} was changed after it had run. Put it back as it was, and the change into a new file.`,
      );
    if (known?.state === 'done') continue;
    try {
      await runStep(connection, { name, step: index, sum, statement }, known?.checksum === sum);
    } catch (error) {
      if (isConnectionLost(error)) throw error;
      throw failed(`${directory}/${name}`, index, statements.length, error);
    }
  }
  await connection.beginTransaction();
  await connection.query('INSERT INTO schema_migrations (name, checksum, applied_at) VALUES (?, ?, ?)', [
    name,
    checksum,
    Date.now(),
  ]);
  await connection.query('DELETE FROM schema_migration_steps WHERE name = ?', [name]);
  await connection.commit();
}

interface NextStep {
  name: string;
  step: number;
  sum: string;
  statement: string;
}

async function runStep(connection: Connection, next: NextStep, wasBegun: boolean): Promise<void> {
  const { statement } = next;
  if (CHANGES_ROWS.test(statement)) {
    await connection.beginTransaction();
    try {
      await connection.query(statement);
      await record(connection, next, 'done');
      await connection.commit();
    } catch (error) {
      await connection.rollback().catch(() => undefined);
      throw error;
    }
    return;
  }
  await record(connection, next, 'begun');
  try {
    await connection.query(statement);
  } catch (error) {
    const isOurs = wasBegun && HAPPENED.has(driverErrorOf(error).errno ?? 0);
    if (!isOurs) {
      // The server said that it did nothing: the next run must not take somebody else's table for ours.
      if (!isConnectionLost(error)) await forget(connection, next);
      throw error;
    }
  }
  await record(connection, next, 'done');
}

async function record(connection: Connection, { name, step, sum }: NextStep, state: Step['state']): Promise<void> {
  await connection.query('REPLACE INTO schema_migration_steps (name, step, checksum, state) VALUES (?, ?, ?, ?)', [
    name,
    step,
    sum,
    state,
  ]);
}

async function forget(connection: Connection, { name, step }: NextStep): Promise<void> {
  await connection.query('DELETE FROM schema_migration_steps WHERE name = ? AND step = ?', [name, step]);
}

function failed(file: string, index: number, count: number, cause: unknown): CannotOpen {
  const before = index === 0 ? 'Nothing of it is in force' : `Statements 1 to ${index} of it are in force and stay so`;
  const text = `${file}: statement ${index + 1} of ${count} failed: ${(cause as Error).message}. ${before}; processes of the version before go on. Mend the cause and start again: it goes on at this statement.`;
  return Object.assign(new CannotOpen(text), { cause });
}

async function valueOf(connection: Connection, statement: string, values: unknown[]): Promise<unknown> {
  const [rows] = await connection.query<RowDataPacket[]>(statement, values);
  return rows[0]?.['v'];
}
