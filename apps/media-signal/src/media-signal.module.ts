import { callV1 } from '@parley/contracts/rpc';
import { openEmbeddedEngines, type ServiceProcess } from '@parley/platform';
import { MediaSignalModule, mediaSignalSettings } from '@parley/service-media-signal';

/** Media-signal alone, on embedded engines. */
export const mediaSignal: ServiceProcess<typeof mediaSignalSettings> = {
  name: 'media-signal',
  answers: [callV1.CallServiceService],
  settings: mediaSignalSettings,
  async compose(settings) {
    const { database, log, check, close } = await openEmbeddedEngines(settings.PARLEY_DATA_DIR, 'media-signal');
    return {
      module: MediaSignalModule.with({ database, settings }),
      log,
      checks: { database: check },
      close,
    };
  },
};
