import type { SqlDatabase } from '../sql-database.js';
import { insertRows } from '../statements.js';

/** By table. */
export type Rows = Map<string, Record<string, unknown>[]>;

/** Of the service's own tables on MySQL. */
export async function rowsOf({ read }: SqlDatabase): Promise<Rows> {
  const tables: { name: string }[] = await read.query(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name NOT LIKE 'schema%'",
  );
  const rows: Rows = new Map();
  for (const { name } of tables) rows.set(name, await read.query(`SELECT * FROM ${name}`));
  return rows;
}

/** Puts every table back to what it held. */
export async function emptied(database: SqlDatabase, to: Rows): Promise<void> {
  await database.transaction(async (tx) => {
    for (const [table, rows] of to) {
      await tx.query(`DELETE FROM ${table}`);
      const columns = Object.keys(rows[0] ?? {});
      await insertRows(
        tx,
        table,
        columns,
        rows.map((row) => columns.map((column) => row[column])),
      );
    }
  });
}
