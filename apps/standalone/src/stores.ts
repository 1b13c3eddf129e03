import { EmbeddedLog } from '@parley/adapter-embedded-log';
import { lockDirectory, SqlDatabase } from '@parley/adapter-sql';
import { DiskObjectStorage } from '@parley/adapter-object-storage';
import { SystemClock, UuidGenerator } from '@parley/platform';
import { signingSecret } from '@parley/service-file';
import { CommitThread, messageWindows, SearchThread } from '@parley/service-message';
import type { StandaloneSettings } from './settings.js';

const SCHEMAS = ['identity', 'conversation', 'message', 'presence', 'file', 'media-signal'] as const;
type Schema = (typeof SCHEMAS)[number];

export interface Stores {
  databases: Record<Schema, SqlDatabase>;
  log: EmbeddedLog;
  commits: CommitThread;
  /** Absent where it is switched off. */
  search: SearchThread | undefined;
  objects: DiskObjectStorage;
  /** After everything that uses them has stopped. */
  close(): Promise<void>;
}

/** Opens the embedded engines: one SQLite file per service, the event log and the message writer's thread. */
export async function openStores(
  settings: StandaloneSettings,
  onStoreFailure: (error: Error) => void,
): Promise<Stores> {
  const directory = settings.PARLEY_DATA_DIR;
  const unlock = lockDirectory(directory);
  const opened = await Promise.all(
    SCHEMAS.map(async (schema) => [schema, await SqlDatabase.openSqlite({ schema, directory })] as const),
  );
  const databases = Object.fromEntries(opened) as Record<Schema, SqlDatabase>;
  const log = await EmbeddedLog.open({ directory, onFailed: onStoreFailure });
  const commits = new CommitThread(`${directory}/message.db`, messageWindows(settings), onStoreFailure);
  const search = settings.PARLEY_SEARCH ? await SearchThread.open(`${directory}/message-search.db`) : undefined;
  const objects = await DiskObjectStorage.open({
    directory: `${directory}/objects`,
    secret: await signingSecret(databases.file, new UuidGenerator()),
    // Without one the gateway puts before it what the client itself asked.
    publicUrl: () => settings.PARLEY_PUBLIC_URL?.replace(/\/+$/, '') ?? '',
    clock: new SystemClock(),
  });
  return {
    databases,
    log,
    commits,
    search,
    objects,
    async close() {
      await log.close();
      await objects.close();
      await search?.close();
      await Promise.all(Object.values(databases).map((database) => database.close()));
      unlock();
    },
  };
}
