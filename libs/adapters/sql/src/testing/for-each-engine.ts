import { afterAll, describe } from 'vitest';
import type { SqlDatabase } from '../sql-database.js';
import { emptied, type Rows, rowsOf } from './rows.js';
import { sqlEngines, type SqlUnderTest } from './sql-engines.js';

export interface OpenSchemas {
  /** One per process. */
  databases: [SqlDatabase, ...SqlDatabase[]];
  /** Ends the test's use of them. */
  close(): Promise<void>;
}

type Open = (schema: string) => Promise<OpenSchemas>;

/** A describe block per engine; on MySQL one more in which two processes share the schema. Each `open` gives an empty schema. */
export function forEachEngine(suite: (name: string, open: Open) => void): void {
  for (const sql of sqlEngines) {
    describe.skipIf(sql.missing)(sql.name, () => suite(sql.name, sql.name === 'SQLite' ? fresh(sql) : reused(sql, 1)));
    if (sql.name !== 'SQLite')
      describe.skipIf(sql.missing)(`${sql.name}, two processes`, () => suite(sql.name, reused(sql, 2)));
  }
}

function fresh(sql: SqlUnderTest): Open {
  return async (schema) => {
    const { database, close } = await sql.open(schema);
    return { databases: [database], close };
  };
}

interface Kept {
  databases: [SqlDatabase, ...SqlDatabase[]];
  /** What the migrations put there. */
  seeds: Rows;
  drop: () => Promise<void>;
}

/** Making a schema takes a server longer than a test does: one for the whole block, emptied after each test. */
function reused(sql: SqlUnderTest, processes: number): Open {
  const kept = new Map<string, Promise<Kept>>();
  afterAll(async () => {
    for (const each of kept.values()) await (await each).drop();
  });
  const make = async (schema: string): Promise<Kept> => {
    const opened = await sql.open(schema);
    const databases: Kept['databases'] = [opened.database];
    while (databases.length < processes) databases.push(await opened.another());
    return { databases, seeds: await rowsOf(opened.database), drop: () => opened.close() };
  };
  return async (schema) => {
    if (!kept.has(schema)) kept.set(schema, make(schema));
    const { databases, seeds } = await (kept.get(schema) as Promise<Kept>);
    return { databases, close: () => emptied(databases[0], seeds) };
  };
}
