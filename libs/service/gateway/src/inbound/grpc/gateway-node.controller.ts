import { gatewayV1 } from '@parley/contracts/rpc';
import { type ClosingAction, RevokedSessions, SessionRegistry } from '@parley/core-gateway';
import { Controller } from '@nestjs/common';
import { PresenceReporter } from '../../outbound/presence-reporter.js';
import { encodeFrame } from '../ws/socket-link.js';
import { PolicyReloader } from '../../policy/policy-reloader.js';

/** What the other services ask of this node. */
@Controller()
@gatewayV1.GatewayNodeServiceControllerMethods()
export class GatewayNodeController implements gatewayV1.GatewayNodeServiceController {
  constructor(
    private readonly registry: SessionRegistry,
    private readonly policies: PolicyReloader,
    private readonly revoked: RevokedSessions,
    private readonly presence: PresenceReporter,
  ) {}

  deliver(request: gatewayV1.DeliverRequest): gatewayV1.DeliverResponse {
    this.policies.requireLease();
    return {
      sockets: request.deliveries.map((delivery) => {
        // Encoded once, however many sockets take it.
        const frame = encodeFrame(delivery.event, delivery.payloadJson);
        const count = this.registry.visit(delivery, (socket) => socket.send(frame));
        if (delivery.event === 'conversation:removed') this.expel(delivery);
        return count;
      }),
    };
  }

  /** ORDER: before the next delivery. Who was removed from a large conversation must not get its events as a subscriber. */
  private expel({ userIds, payloadJson }: gatewayV1.Delivery): void {
    const { conversationId } = JSON.parse(payloadJson) as { conversationId: string };
    if (this.registry.expel(userIds, conversationId)) this.presence.unsubscribed(conversationId);
  }

  closeSessions(request: gatewayV1.CloseSessionsRequest): gatewayV1.CloseSessionsResponse {
    // First the door, then the room: a session that is closed must not come back with the token it still has.
    this.revoked.add(request);
    const sockets = this.registry.of(request);
    for (const socket of sockets) socket.close(request.code, request.action as ClosingAction);
    return { closed: sockets.length };
  }

  async reloadPolicies(request: gatewayV1.ReloadPoliciesRequest): Promise<gatewayV1.ReloadPoliciesResponse> {
    await this.policies.reload(request.version);
    return {};
  }
}
