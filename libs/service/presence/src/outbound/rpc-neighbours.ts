import { conversationV1, deliveryV1, messageV1, type RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { type MemberCheck, Membership, type SessionPush, SessionPusher, VisibleUsers } from '@parley/core-presence';
import { DomainError, MicroBatcher } from '@parley/kernel';

export class RpcVisibleUsers extends VisibleUsers {
  private readonly conversation: ServiceClient<typeof conversationV1.ConversationServiceService>;

  constructor(rpc: RpcClients) {
    super();
    this.conversation = rpc.of(conversationV1.ConversationServiceService);
  }

  async among(actorId: string, userIds: readonly string[]): Promise<string[]> {
    return (await this.conversation.filterVisibleUsers({ actorId, userIds: [...userIds] })).userIds;
  }
}

export class RpcMembership extends Membership {
  private readonly message: ServiceClient<typeof messageV1.MessageServiceService>;

  constructor(rpc: RpcClients) {
    super();
    this.message = rpc.of(messageV1.MessageServiceService);
  }

  async check(conversationId: string, userId: string): Promise<MemberCheck> {
    const { members, memberCount } = await this.message.checkMembers({ conversationId, userIds: [userId] });
    const member = members.find((one) => one.userId === userId);
    return { isMember: member !== undefined, maySend: member?.maySend ?? false, memberCount };
  }
}

const BATCH = { maxItems: 500, maxWaitMs: 2, maxQueued: 50_000 };

/** Gathers pushes into calls of delivery. ORDER: one call at a time, in order of arrival. */
export class DeliveryPusher extends SessionPusher {
  private readonly batcher: MicroBatcher<SessionPush, boolean>;

  constructor(rpc: RpcClients) {
    super();
    const delivery = rpc.of(deliveryV1.DeliveryServiceService);
    this.batcher = new MicroBatcher(
      async (pushes) => {
        const { reached } = await delivery.pushBatch({ pushes: pushes.map(wire) });
        return pushes.map((_, index) => reached[index] ?? false);
      },
      BATCH,
      () => new DomainError('server.busy', 'unavailable', { retryAfterMs: 500 }),
    );
  }

  async push(pushes: readonly SessionPush[]): Promise<void> {
    await Promise.all(pushes.map((push) => this.batcher.add(push)));
  }
}

function wire(push: SessionPush): deliveryV1.Push {
  return {
    userIds: [...push.userIds],
    conversationId: push.conversationId,
    sessionIds: [...push.sessionIds],
    exceptUserIds: [...push.exceptUserIds],
    exceptSessionId: '',
    event: push.event,
    payloadJson: push.payloadJson,
  };
}
