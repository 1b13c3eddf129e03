import { conversationV1, identityV1, type RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { type AvatarHolder, AvatarHolders } from '@parley/core-file';
import type { FileId, UserId } from '@parley/kernel';

/** Asks identity and conversation each time: what they show is theirs, and so is who may see it. Everybody who is logged in sees users. */
export class RpcAvatarHolders extends AvatarHolders {
  private readonly identity: ServiceClient<typeof identityV1.IdentityServiceService>;
  private readonly conversations: ServiceClient<typeof conversationV1.ConversationServiceService>;

  constructor(rpc: RpcClients) {
    super();
    this.identity = rpc.of(identityV1.IdentityServiceService);
    this.conversations = rpc.of(conversationV1.ConversationServiceService);
  }

  async shows({ kind, id }: AvatarHolder, fileId: FileId, viewerId: UserId): Promise<boolean> {
    if (kind === 'user') {
      const { users } = await this.identity.getUsers({ actorId: viewerId, userIds: [id] });
      return users.some((user) => user.userId === id && !user.deleted && user.avatarFileId === fileId);
    }
    // Those that the viewer may not see are left out.
    const { conversations } = await this.conversations.getConversations({ actorId: viewerId, conversationIds: [id] });
    return conversations.some((one) => one.conversationId === id && !one.disbanded && one.avatarFileId === fileId);
  }
}
