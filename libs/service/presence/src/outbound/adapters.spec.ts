import { SqlDatabase } from '@parley/adapter-sql';
import { lastSeenStoreContract, sessionDirectoryContract, watchRegistryContract } from '@parley/core-presence/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { MemorySessionDirectory } from './memory-session-directory.js';
import { MemoryWatchRegistry } from './memory-watch-registry.js';
import { SqlLastSeenStore } from './sql-last-seen-store.js';

sessionDirectoryContract('in memory', async (clock) => new MemorySessionDirectory(clock));
watchRegistryContract('in memory', async () => new MemoryWatchRegistry());

const opened: { database: SqlDatabase; directory: string }[] = [];

afterEach(async () => {
  for (const { database, directory } of opened.splice(0)) {
    await database.close();
    rmSync(directory, { recursive: true, force: true });
  }
});

lastSeenStoreContract('SQLite', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'parley-presence-'));
  const database = await SqlDatabase.openSqlite({ schema: 'presence', directory });
  opened.push({ database, directory });
  return new SqlLastSeenStore(database);
});
