import { EmbeddedLog } from '@parley/adapter-embedded-log';
import { lockDirectory, SqlDatabase } from '@parley/adapter-sql';
import type { ServiceName } from '../config/service-settings.js';

export interface EmbeddedFolder {
  /** Holds all files of this service, and nobody else's. */
  directory: string;
  /** This service's own: its facts reach nobody in another process, and nobody's reach it. */
  log: EmbeddedLog;
  /** After everything that uses it has stopped. */
  close(): Promise<void>;
}

export interface EmbeddedEngines extends EmbeddedFolder {
  database: SqlDatabase;
  /** Readiness: the database answers. */
  check(): Promise<void>;
}

/** What a service without tables has while no servers stand beside it: an event log under `<data folder>/<service>`. */
export async function openEmbeddedFolder(dataDirectory: string, service: ServiceName): Promise<EmbeddedFolder> {
  const directory = `${dataDirectory}/${service}`;
  const unlock = lockDirectory(directory);
  const log = await EmbeddedLog.open({ directory });
  return {
    directory,
    log,
    async close() {
      await log.close();
      unlock();
    },
  };
}

/** The same with the service's schema. */
export async function openEmbeddedEngines(dataDirectory: string, service: ServiceName): Promise<EmbeddedEngines> {
  const folder = await openEmbeddedFolder(dataDirectory, service);
  const database = await SqlDatabase.openSqlite({ schema: service, directory: folder.directory });
  return {
    ...folder,
    database,
    check: async () => void (await database.read.query('SELECT 1')),
    async close() {
      await database.close();
      await folder.close();
    },
  };
}
