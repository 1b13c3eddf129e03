import { randomUUID } from 'node:crypto';
import { gatewayV1 } from '@parley/contracts/rpc';
import { type ClosingAction, MembershipMarks, RevokedSessions, SessionRegistry } from '@parley/core-gateway';
import { Controller, Logger } from '@nestjs/common';
import { PresenceReporter } from '../../outbound/presence-reporter.js';
import { PolicyReloader } from '../../policy/policy-reloader.js';
import { encodeFrame } from '../ws/socket-link.js';
import { sendBack } from '../ws/send-back.js';

/** What the other services ask of this node. */
@Controller()
@gatewayV1.GatewayNodeServiceControllerMethods()
export class GatewayNodeController implements gatewayV1.GatewayNodeServiceController {
  private readonly logger = new Logger(GatewayNodeController.name);
  private readonly process = randomUUID();

  constructor(
    private readonly registry: SessionRegistry,
    private readonly policies: PolicyReloader,
    private readonly revoked: RevokedSessions,
    private readonly presence: PresenceReporter,
    private readonly marks: MembershipMarks,
  ) {}

  deliver(request: gatewayV1.DeliverRequest): gatewayV1.DeliverResponse {
    this.policies.requireLease();
    const { process } = this;
    // Meant for the process before: this one does not know who went out of a conversation before it began.
    if (request.process !== '' && request.process !== process) return { sockets: [], process };
    if (request.missed !== undefined) this.bringBack(request.missed);
    return { sockets: request.deliveries.map((delivery) => this.emit(delivery)), process };
  }

  private emit(delivery: gatewayV1.Delivery): number {
    const { event, conversationId, membersSeq } = delivery;
    // Encoded once, however many sockets take it.
    const frame = encodeFrame(event, delivery.payloadJson);
    const changed = conversationId === '' ? [] : this.marks.changedAfter(conversationId, membersSeq);
    const to =
      changed.length === 0 ? delivery : { ...delivery, exceptUserIds: [...delivery.exceptUserIds, ...changed] };
    const count = this.registry.visit(to, (socket) => socket.send(frame));
    if (event === 'conversation:removed') this.expel(to, delivery);
    else if (event === 'conversation:added') this.marks.joined(conversationId, delivery.userIds, membersSeq);
    return count;
  }

  /** ORDER: before the next delivery. Who was removed from a large conversation must not get its events as a subscriber. */
  private expel(to: { exceptUserIds: string[] }, { userIds, conversationId, membersSeq }: gatewayV1.Delivery): void {
    const gone = userIds.filter((userId) => !to.exceptUserIds.includes(userId));
    this.marks.gone(conversationId, gone, membersSeq);
    if (this.registry.expel(gone, conversationId)) this.presence.unsubscribed(conversationId);
  }

  private bringBack(missed: gatewayV1.Missed): void {
    const sockets = this.registry.behind(missed);
    if (sockets.length === 0) return;
    this.logger.warn(`Deliveries were dropped while this node did not answer: ${sockets.length} sockets come back.`);
    sendBack(sockets);
  }

  expelMembers({ departures }: gatewayV1.ExpelMembersRequest): gatewayV1.ExpelMembersResponse {
    for (const { conversationId, userIds, seq } of departures) {
      // A repeat must not end the subscription of somebody who is back.
      const news = this.marks.gone(conversationId, userIds, seq);
      if (news.length > 0 && this.registry.expel(news, conversationId)) this.presence.unsubscribed(conversationId);
    }
    return {};
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
