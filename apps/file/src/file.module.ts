import { DiskObjectStorage } from '@parley/adapter-object-storage';
import { fileV1 } from '@parley/contracts/rpc';
import { openEmbeddedEngines, type ServiceProcess, SystemClock, UuidGenerator } from '@parley/platform';
import { FileModule, fileSettings, signingSecret } from '@parley/service-file';
import { objectDoorSettings, openObjectDoor } from './object-door.js';

const settings = { ...fileSettings, ...objectDoorSettings };

/** File alone: rows on an embedded engine, bytes on disk behind a door of its own. */
export const file: ServiceProcess<typeof settings> = {
  name: 'file',
  answers: [fileV1.FileServiceService],
  settings,
  async compose(given) {
    const engines = await openEmbeddedEngines(given.PARLEY_DATA_DIR, 'file');
    const { database, log, directory, check } = engines;
    const storage = await DiskObjectStorage.open({
      directory: `${directory}/objects`,
      secret: await signingSecret(database, new UuidGenerator()),
      publicUrl: () => given.PARLEY_OBJECTS_URL ?? `http://localhost:${given.PARLEY_OBJECTS_PORT}`,
      clock: new SystemClock(),
    });
    return {
      module: FileModule.with({ database, storage, settings: given }),
      log,
      checks: { database: check },
      open: () => openObjectDoor(given, storage),
      async close() {
        await storage.close();
        await engines.close();
      },
    };
  },
};
