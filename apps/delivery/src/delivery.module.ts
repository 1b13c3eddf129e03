import { deliveryV1 } from '@parley/contracts/rpc';
import { kafkaSettings, type ServiceProcess } from '@parley/platform';
import { DeliveryModule } from '@parley/service-delivery';

/** Keeps nothing: what must not be lost is in the conversations' logs. */
export const delivery: ServiceProcess<typeof kafkaSettings> = {
  name: 'delivery',
  answers: [deliveryV1.DeliveryServiceService],
  settings: kafkaSettings,
  async compose(given, { engines, addresses }) {
    // Who is sent what presence cannot place: not those lost lately, whose queues would only grow.
    const gatewayNodes = () => addresses.of('api-gateway').map(({ instance }) => instance);
    return { module: DeliveryModule.with({ gatewayNodes }), log: await engines.kafka(given) };
  },
};
