import type { ConversationId, UserId } from '@parley/kernel';
import type { CallFact } from '../domain/fact.js';

export interface MemberStates {
  /** direct, group, room or self; empty for unknown conversations. */
  kind: string;
  /** Of the users asked for, those who are members now. */
  members: { userId: UserId; maySend: boolean }[];
}

/** The message service: who may talk where, and the log that shows a call. Throws `server.unavailable` when it does not answer. */
export abstract class Conversation {
  abstract members(conversationId: ConversationId, userIds: readonly UserId[]): Promise<MemberStates>;
  /** Ids of the first members, at most `limit`. */
  abstract firstMembers(conversationId: ConversationId, limit: number): Promise<UserId[]>;
  /** Idempotent by the fact's changeId. */
  abstract append(fact: CallFact): Promise<void>;
}
