import type { SqlDatabase } from '@parley/adapter-sql';
import type { EventLog, LogRecord } from '@parley/contracts';
import { describe, expect, it } from 'vitest';
import { Outbox } from './outbox.js';

/** A table with one column that matters, and a log that remembers. */
function world() {
  let rows: { id: number; topic: string; record_key: string; value: Buffer }[] = [];
  const published: string[] = [];
  const database = {
    read: { query: async () => [...rows] },
    transaction: (work: (tx: unknown) => Promise<void>) =>
      work({ query: async (_sql: string, ids: number[]) => void (rows = rows.filter(({ id }) => !ids.includes(id))) }),
  } as unknown as SqlDatabase;
  const log = {
    publishBatch: async (records: readonly LogRecord[]) => void published.push(...records.map(({ key }) => key)),
  } as unknown as EventLog;
  const add = (key: string) => rows.push({ id: rows.length + 1, topic: 't', record_key: key, value: Buffer.alloc(0) });
  return { outbox: new Outbox(database, log), add, published };
}

describe('Outbox', () => {
  it('publishes before it answers, at whatever moment of another flush it is asked', async () => {
    for (let steps = 0; steps < 40; steps += 1) {
      const { outbox, add, published } = world();
      add('first');
      const first = outbox.flush();
      for (let step = 0; step < steps; step += 1) await undefined;
      add('second');
      await outbox.flush();
      expect([...new Set(published)], `${steps} steps later`).toEqual(['first', 'second']);
      await first;
    }
  });
});
