import { deliveryV1, type RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { CallDevices, type CallPush } from '@parley/core-media-signal';
import { Logger } from '@nestjs/common';

/** Live devices, through the delivery service. */
export class RpcCallDevices extends CallDevices {
  private readonly delivery: ServiceClient<typeof deliveryV1.DeliveryServiceService>;
  private readonly logger = new Logger(RpcCallDevices.name);

  constructor(rpc: RpcClients) {
    super();
    this.delivery = rpc.of(deliveryV1.DeliveryServiceService);
  }

  async announce(pushes: readonly CallPush[]): Promise<void> {
    if (pushes.length === 0) return;
    try {
      await this.delivery.pushBatch({ pushes: pushes.map(wirePush) });
    } catch (error) {
      this.logger.warn(`A change of a call did not reach its devices: ${String(error)}`);
    }
  }

  async pass(push: CallPush): Promise<void> {
    await this.delivery.pushBatch({ pushes: [wirePush(push)] });
  }
}

const wirePush = ({ event, payloadJson, userIds, sessionIds, exceptSessionId }: CallPush): deliveryV1.Push => ({
  ...{ event, payloadJson, userIds, sessionIds, exceptSessionId },
  ...{ conversationId: '', exceptUserIds: [] },
});
