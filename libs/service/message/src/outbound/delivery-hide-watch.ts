import { deliveryV1, RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { type HiddenMessage, HideWatch } from '@parley/core-message';
import { Logger } from '@nestjs/common';

/** Tells a user's other sessions what they deleted for themselves. */
export class DeliveryHideWatch extends HideWatch {
  private readonly delivery: ServiceClient<typeof deliveryV1.DeliveryServiceService>;
  private readonly logger = new Logger(DeliveryHideWatch.name);

  constructor(rpc: RpcClients) {
    super();
    this.delivery = rpc.of(deliveryV1.DeliveryServiceService);
  }

  hidden({ conversationId, messageId, seq, userId, sessionId }: HiddenMessage): void {
    const push = {
      userIds: [userId],
      conversationId: '',
      sessionIds: [],
      exceptUserIds: [],
      exceptSessionId: sessionId,
      event: 'message:deleted',
      payloadJson: JSON.stringify({ conversationId, messageId, seq }),
    };
    this.delivery.pushBatch({ pushes: [push] }).catch((error: unknown) => this.logger.debug(error));
  }
}
