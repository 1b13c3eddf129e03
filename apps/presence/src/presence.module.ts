import { presenceV1 } from '@parley/contracts/rpc';
import { kafkaSettings, mysqlSettings, redisSettings, type ServiceProcess } from '@parley/platform';
import { PresenceModule } from '@parley/service-presence';

const settings = { ...mysqlSettings, ...kafkaSettings, ...redisSettings };

/** Live sessions in Redis, last seen in a table. */
export const presence: ServiceProcess<typeof settings> = {
  name: 'presence',
  answers: [presenceV1.PresenceServiceService],
  settings,
  async compose(given, { engines }) {
    const database = await engines.mysql(given);
    const log = await engines.kafka(given);
    const redis = await engines.redis(given);
    return { module: PresenceModule.with({ database, redis }), log };
  },
};
