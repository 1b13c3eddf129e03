import { identityV1, policyV1 } from '@parley/contracts/rpc';
import { gatewayNodes, kafkaSettings, mysqlSettings, redisSettings, type ServiceProcess } from '@parley/platform';
import { IdentityModule, identitySettings } from '@parley/service-identity';

const settings = { ...identitySettings, ...mysqlSettings, ...kafkaSettings, ...redisSettings };

export const identity: ServiceProcess<typeof settings> = {
  name: 'identity',
  answers: [identityV1.IdentityServiceService, policyV1.PolicyServiceService],
  settings,
  async compose(given, { engines, addresses }) {
    const database = await engines.mysql(given);
    const log = await engines.kafka(given);
    // Limits go on in this process' memory while Redis is away.
    const redis = await engines.redis(given, { vital: false });
    const options = { database, settings: given, redis, gatewayNodes: gatewayNodes(addresses) };
    return { module: IdentityModule.with(options), log };
  },
};
