import { deliveryV1 } from '@parley/contracts/rpc';
import { openEmbeddedFolder, type ServiceProcess } from '@parley/platform';
import { DeliveryModule } from '@parley/service-delivery';

/** Delivery alone. Pushes that are asked for by call work; what happens to conversations reaches it with a log that all share. */
export const delivery: ServiceProcess<Record<never, never>> = {
  name: 'delivery',
  answers: [deliveryV1.DeliveryServiceService],
  settings: {},
  async compose(settings) {
    const { log, close } = await openEmbeddedFolder(settings.PARLEY_DATA_DIR, 'delivery');
    return { module: DeliveryModule.with(), log, close };
  },
};
