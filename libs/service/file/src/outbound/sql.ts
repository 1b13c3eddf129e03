import type { SqlDatabase } from '@parley/adapter-sql';
import type { EntityManager } from 'typeorm';

const ATTEMPTS = 3;

/** Rows that a statement changed: the answer to "was it me?" of a conditional update. */
export async function changed(tx: EntityManager, statement: string, values: readonly unknown[]): Promise<number> {
  const result = await tx.queryRunner?.query(statement, [...values], true);
  return result?.affected ?? 0;
}

/** The drivers' names for "this unique key exists": better-sqlite3, and mysql2 for MySQL and MariaDB. */
export function isUniqueViolation(error: unknown): boolean {
  const code = (error as { driverError?: { code?: unknown } } | null)?.driverError?.code;
  return code === 'SQLITE_CONSTRAINT_PRIMARYKEY' || code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'ER_DUP_ENTRY';
}

/** A transaction that looks before it inserts and starts over when another process inserted the same key in between. */
export async function transact<T>(database: SqlDatabase, work: (tx: EntityManager) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await database.transaction(work);
    } catch (error) {
      if (attempt === ATTEMPTS || !isUniqueViolation(error)) throw error;
    }
  }
}
