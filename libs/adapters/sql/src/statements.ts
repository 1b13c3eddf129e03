import type { EntityManager } from 'typeorm';
import { isUniqueViolation } from './driver-errors.js';
import type { SqlDatabase } from './sql-database.js';

/** Rows that a statement changed: the answer to "was it me?" of a conditional update. A row that is written as it was counts. */
export async function changed(tx: EntityManager, statement: string, values: readonly unknown[]): Promise<number> {
  const result = await tx.queryRunner?.query(statement, [...values], true);
  return result?.affected ?? 0;
}

/** `?, ?, ?` for a list of values. */
export const marks = (count: number, mark = '?'): string => Array.from({ length: count }, () => mark).join(', ');

const ROWS_PER_INSERT = 500;

/** Multi-row insert. Table and columns are names from our code, never from outside. */
export async function insertRows(
  tx: EntityManager,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
): Promise<void> {
  const row = `(${marks(columns.length)})`;
  for (let start = 0; start < rows.length; start += ROWS_PER_INSERT) {
    const part = rows.slice(start, start + ROWS_PER_INSERT);
    await tx.query(`INSERT INTO ${table} (${columns.join(', ')}) VALUES ${marks(part.length, row)}`, part.flat());
  }
}

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
