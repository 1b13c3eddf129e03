import { SqlDatabase } from '@parley/adapter-sql';
import { callStoreContract } from '@parley/core-media-signal/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqlCallStore } from './sql-call-store.js';
import { SqlPendingFacts } from './sql-pending-facts.js';

callStoreContract('SQLite', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'parley-calls-'));
  const database = await SqlDatabase.openSqlite({ schema: 'media-signal', directory });
  return {
    calls: new SqlCallStore(database),
    pending: new SqlPendingFacts(database),
    async close() {
      await database.close();
      await rm(directory, { recursive: true });
    },
  };
});
