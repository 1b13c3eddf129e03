import { deliveryV1, RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { CursorWatch, type MovedCursor } from '@parley/core-message';
import { Logger } from '@nestjs/common';

/** Shows moved cursors to the member's other devices and, in conversations small enough, to the other members. */
export class DeliveryCursorWatch extends CursorWatch {
  private readonly delivery: ServiceClient<typeof deliveryV1.DeliveryServiceService>;
  private readonly logger = new Logger(DeliveryCursorWatch.name);

  constructor(
    rpc: RpcClients,
    /** Members beyond which receipts are no longer shown member by member. */
    private readonly perMemberTier: number,
  ) {
    super();
    this.delivery = rpc.of(deliveryV1.DeliveryServiceService);
  }

  moved(cursors: readonly MovedCursor[]): void {
    const pushes = cursors.map((cursor) => ({
      userIds: [cursor.userId],
      conversationId: cursor.memberCount > this.perMemberTier ? '' : cursor.conversationId,
      sessionIds: [],
      exceptUserIds: [],
      exceptSessionId: cursor.sessionId,
      event: 'cursor:changed',
      payloadJson: `{"conversationId":"${cursor.conversationId}","userId":"${cursor.userId}","readSeq":${cursor.readSeq},"deliveredSeq":${cursor.deliveredSeq}}`,
    }));
    this.delivery.pushBatch({ pushes }).catch((error: unknown) => this.logger.debug(error));
  }
}
