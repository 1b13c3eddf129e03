import { messageV1, type RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { ConversationAccess } from '@parley/core-file';
import { type ConversationId, DomainError, type UserId } from '@parley/kernel';

/** Asks the message service each time, so that a removal holds at once and the conversation's rule on history is its own. */
export class RpcConversationAccess extends ConversationAccess {
  private readonly messages: ServiceClient<typeof messageV1.MessageServiceService>;

  constructor(rpc: RpcClients) {
    super();
    this.messages = rpc.of(messageV1.MessageServiceService);
  }

  async head(conversationId: ConversationId, userId: UserId): Promise<number | undefined> {
    const answer = await this.messages.getConversations({ actorId: userId, conversationIds: [conversationId] });
    const found = answer.conversations.find((conversation) => conversation.conversationId === conversationId);
    return found === undefined || found.role === '' ? undefined : found.headSeq;
  }

  /**
   * The first event that the user sees from the head on. Seqs have no gaps, so it lies at most one behind the head exactly when
   * what was sent right after the head is seen; one behind, because a join may have come between attaching and sending.
   */
  async seesAfter(conversationId: ConversationId, headSeq: number, userId: UserId): Promise<boolean> {
    try {
      const afterSeq = Math.max(headSeq - 1, 0);
      const { events } = await this.messages.listEvents({ actorId: userId, conversationId, afterSeq, limit: 1 });
      const first = events[0];
      return first !== undefined && first.seq <= headSeq + 1;
    } catch (error) {
      if (error instanceof DomainError && (error.kind === 'not_found' || error.kind === 'forbidden')) return false;
      throw error;
    }
  }
}
