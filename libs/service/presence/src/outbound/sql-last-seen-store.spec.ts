import { alternating, forEachEngine } from '@parley/adapter-sql/testing';
import { lastSeenStoreContract } from '@parley/core-presence/testing';
import { afterEach } from 'vitest';
import { SqlLastSeenStore } from './sql-last-seen-store.js';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

forEachEngine((name, open) =>
  lastSeenStoreContract(name, async () => {
    const { databases, close } = await open('presence');
    closing.push(close);
    const [first, ...others] = databases;
    return alternating(new SqlLastSeenStore(first), ...others.map((database) => new SqlLastSeenStore(database)));
  }),
);
