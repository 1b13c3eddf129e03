import type { SqlDatabase } from '@parley/adapter-sql';
import { gauges } from '../ops/metrics.js';

/** Looked at no further: that it is this many is all that one needs to know, and counting costs. */
const MOST = 10_000;

interface Place {
  schema: string;
  table: 'outbox' | 'pending_facts';
  database: SqlDatabase;
}

const places = new Map<string, Place>();

/**
 * Shows how many rows of a table wait to leave their service. Asked of the store, so it is the same from each replica (take the
 * maximum) and knows of what a process left that died.
 */
export function measureWaitingRows(schema: string, table: Place['table'], database: SqlDatabase): void {
  places.set(`${schema}.${table}`, { schema, table, database });
  gauges(
    'parley_store_waiting_rows',
    'Rows that wait to be published (outbox) or told to the message service (pending_facts), counted up to 10,000',
    ['schema', 'table'],
    async () => (await Promise.all([...places.values()].map(counted))).flat(),
  );
}

async function counted({ schema, table, database }: Place) {
  try {
    const [row] = (await database.read.query(
      `SELECT COUNT(*) AS waiting FROM (SELECT 1 AS one FROM ${table} LIMIT ${MOST}) AS found`,
    )) as { waiting: number }[];
    return [{ labels: { schema, table }, value: Number(row?.waiting) }];
  } catch {
    // The store is away: parley_dependency_up says so.
    return [];
  }
}
