import type { SqlDatabase } from '@parley/adapter-sql';
import type { EntityManager } from 'typeorm';

const ATTEMPTS = 3;

/**
 * A transaction that looks before it inserts and starts over when another process inserted the same key in between: the second
 * look finds the row. `work` has no effects outside the transaction.
 */
export async function transact<T>(database: SqlDatabase, work: (tx: EntityManager) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await database.transaction(work);
    } catch (error) {
      if (attempt === ATTEMPTS || !isUniqueViolation(error)) throw error;
    }
  }
}

/** The drivers' names for "this unique key exists": better-sqlite3, and mysql2 for MySQL and MariaDB. */
export function isUniqueViolation(error: unknown): boolean {
  const code = (error as { driverError?: { code?: unknown } } | null)?.driverError?.code;
  return code === 'SQLITE_CONSTRAINT_PRIMARYKEY' || code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'ER_DUP_ENTRY';
}

export const marks = (count: number): string => Array.from({ length: count }, () => '?').join(',');

const ROWS_PER_INSERT = 500;

/** Multi-row insert. Table and columns are names from this code, never from outside. */
export async function insertRows(
  tx: EntityManager,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
): Promise<void> {
  const row = `(${marks(columns.length)})`;
  for (let start = 0; start < rows.length; start += ROWS_PER_INSERT) {
    const part = rows.slice(start, start + ROWS_PER_INSERT);
    const values = part.map(() => row).join(',');
    await tx.query(`INSERT INTO ${table} (${columns.join(', ')}) VALUES ${values}`, part.flat());
  }
}
