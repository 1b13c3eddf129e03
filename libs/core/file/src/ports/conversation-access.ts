import type { ConversationId, UserId } from '@parley/kernel';

/** What the message service knows about who sees what. Throws `server.unavailable` when it does not answer: nothing is allowed then. */
export abstract class ConversationAccess {
  /** Seq of the last event of the log. Undefined when the user is not a member now. */
  abstract head(conversationId: ConversationId, userId: UserId): Promise<number | undefined>;
  /** Is the user a member now who may see what was sent right after this head? False for unknown conversations. */
  abstract seesAfter(conversationId: ConversationId, headSeq: number, userId: UserId): Promise<boolean>;
}
