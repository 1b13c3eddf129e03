import { messageV1, type RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { type CallFact, Conversation, type MemberStates } from '@parley/core-media-signal';
import type { ConversationId, UserId } from '@parley/kernel';

/** The message service over its own contract. */
export class RpcConversation extends Conversation {
  private readonly messages: ServiceClient<typeof messageV1.MessageServiceService>;

  constructor(rpc: RpcClients) {
    super();
    this.messages = rpc.of(messageV1.MessageServiceService);
  }

  async members(conversationId: ConversationId, userIds: readonly UserId[]): Promise<MemberStates> {
    const { kind, members } = await this.messages.checkMembers({ conversationId, userIds: [...userIds] });
    return { kind, members: members.map(({ userId, maySend }) => ({ userId: userId as UserId, maySend })) };
  }

  async firstMembers(conversationId: ConversationId, limit: number): Promise<UserId[]> {
    const { userIds } = await this.messages.listMemberIds({ conversationId, afterUserId: '', limit });
    return userIds as UserId[];
  }

  async append({ changeId, conversationId, actorId, type, dataJson }: CallFact): Promise<void> {
    const none = { created: undefined, joined: undefined, gone: undefined, changed: undefined };
    await this.messages.appendFacts({
      facts: [
        {
          ...{ changeId, conversationId, actorId, ...none, disbanded: undefined, restricted: undefined },
          event: { type, dataJson, sendPolicy: '' },
        },
      ],
    });
  }
}
