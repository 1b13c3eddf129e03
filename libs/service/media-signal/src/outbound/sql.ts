import type { EntityManager } from 'typeorm';

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

export const marks = (count: number): string => Array.from({ length: count }, () => '?').join(', ');
