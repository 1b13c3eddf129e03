import { presenceV1, type RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { type NodeTargets, SessionLocator, type Whereabouts } from '@parley/core-delivery';

export class RpcSessionLocator extends SessionLocator {
  private readonly presence: ServiceClient<typeof presenceV1.PresenceServiceService>;

  constructor(rpc: RpcClients) {
    super();
    this.presence = rpc.of(presenceV1.PresenceServiceService);
  }

  async locate({ userIds, conversationIds, sessionIds }: Whereabouts): Promise<readonly NodeTargets[]> {
    const { nodes } = await this.presence.locate({
      userIds: userIds as string[],
      conversationIds: conversationIds as string[],
      sessionIds: sessionIds as string[],
    });
    return nodes;
  }
}
