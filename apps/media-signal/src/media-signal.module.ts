import { callV1 } from '@parley/contracts/rpc';
import { kafkaSettings, mysqlSettings, type ServiceProcess } from '@parley/platform';
import { MediaSignalModule, mediaSignalSettings } from '@parley/service-media-signal';

const settings = { ...mediaSignalSettings, ...mysqlSettings, ...kafkaSettings };

export const mediaSignal: ServiceProcess<typeof settings> = {
  name: 'media-signal',
  answers: [callV1.CallServiceService],
  settings,
  async compose(given, { engines }) {
    const database = await engines.mysql(given);
    return { module: MediaSignalModule.with({ database, settings: given }), log: await engines.kafka(given) };
  },
};
