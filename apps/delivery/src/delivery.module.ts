import { deliveryV1 } from '@parley/contracts/rpc';
import { kafkaSettings, type ServiceProcess } from '@parley/platform';
import { DeliveryModule } from '@parley/service-delivery';

/** Keeps nothing: what must not be lost is in the conversations' logs. */
export const delivery: ServiceProcess<typeof kafkaSettings> = {
  name: 'delivery',
  answers: [deliveryV1.DeliveryServiceService],
  settings: kafkaSettings,
  async compose(given, { engines }) {
    return { module: DeliveryModule.with(), log: await engines.kafka(given) };
  },
};
