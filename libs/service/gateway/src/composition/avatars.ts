import { conversationV1, fileV1, type RpcClients, type ServiceClient } from '@parley/contracts/rpc';

/**
 * Asks the file service that an image may be shown, before a profile or a conversation names it. Only its owner may say so, and alone it
 * opens nothing: see decision 34. Null and undefined need nobody's leave.
 */
export class Avatars {
  private readonly files: ServiceClient<typeof fileV1.FileServiceService>;
  private readonly conversations: ServiceClient<typeof conversationV1.ConversationServiceService>;

  constructor(rpc: RpcClients) {
    this.files = rpc.of(fileV1.FileServiceService);
    this.conversations = rpc.of(conversationV1.ConversationServiceService);
  }

  async ofUser(actorId: string, fileId: string | null | undefined): Promise<void> {
    if (typeof fileId === 'string')
      await this.files.allowAvatar({ actorId, fileId, userId: actorId, conversationId: '' });
  }

  async ofConversation(actorId: string, conversationId: string, fileId: string | null | undefined): Promise<void> {
    if (typeof fileId !== 'string') return;
    const found = await this.conversations.getConversations({ actorId, conversationIds: [conversationId] });
    // Who sends back what is there already need not own it.
    if (found.conversations.some((one) => one.avatarFileId === fileId)) return;
    await this.files.allowAvatar({ actorId, fileId, userId: '', conversationId });
  }
}
