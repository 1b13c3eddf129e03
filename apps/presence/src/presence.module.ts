import { presenceV1 } from '@parley/contracts/rpc';
import { openEmbeddedEngines, type ServiceProcess } from '@parley/platform';
import { PresenceModule } from '@parley/service-presence';

/** Presence alone: live sessions in this process' memory, last seen on an embedded engine. */
export const presence: ServiceProcess<Record<never, never>> = {
  name: 'presence',
  answers: [presenceV1.PresenceServiceService],
  settings: {},
  async compose(settings) {
    const { database, log, check, close } = await openEmbeddedEngines(settings.PARLEY_DATA_DIR, 'presence');
    return { module: PresenceModule.with({ database }), log, checks: { database: check }, close };
  },
};
