import { forEachEngine } from '@parley/adapter-sql/testing';
import type { SqlDatabase } from '@parley/adapter-sql';
import { register } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { measureWaitingRows } from './waiting-rows.js';

it('a store that does not answer leaves its rows out, and no others', async () => {
  const answering = (query: () => Promise<unknown>) => ({ read: { query } }) as unknown as SqlDatabase;
  measureWaitingRows(
    'conversation',
    'outbox',
    answering(() => Promise.reject(new Error('away'))),
  );
  measureWaitingRows(
    'conversation',
    'pending_facts',
    answering(() => Promise.resolve([{ waiting: '4' }])),
  );
  expect((await register.metrics()).split('\n').filter((line) => line.startsWith('parley_store'))).toEqual([
    'parley_store_waiting_rows{schema="conversation",table="pending_facts"} 4',
  ]);
});

forEachEngine((_name, open) => {
  describe('rows that wait to leave a service', () => {
    it('are counted in the store', async () => {
      const { databases, close } = await open('conversation');
      const database = databases[0] as SqlDatabase;
      measureWaitingRows('conversation', 'outbox', database);
      measureWaitingRows('conversation', 'pending_facts', database);
      const page = async () => (await register.metrics()).split('\n').filter((line) => line.startsWith('parley_store'));
      expect(await page()).toEqual([
        'parley_store_waiting_rows{schema="conversation",table="outbox"} 0',
        'parley_store_waiting_rows{schema="conversation",table="pending_facts"} 0',
      ]);
      await database.transaction((tx) =>
        tx.query("INSERT INTO outbox (topic, record_key, value) VALUES ('t', 'k', 'v'), ('t', 'k', 'w')"),
      );
      expect((await page())[0]).toMatch(/"outbox"} 2$/);
      await close();
    });
  });
});
