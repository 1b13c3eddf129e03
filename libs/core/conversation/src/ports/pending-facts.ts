import type { ConversationId } from '@parley/kernel';
import type { Fact } from '../domain/fact.js';

export interface PendingFact {
  /** Grows by one with each fact of a conversation, in the order of the decisions. */
  no: number;
  fact: Fact;
}

/** Facts that are decided and not yet known to be in the log. Stores write them; the relay takes them away. */
export abstract class PendingFacts {
  /** The oldest of a conversation, in order. */
  abstract oldest(id: ConversationId, limit: number): Promise<PendingFact[]>;
  /** Removes those up to and with `no`. A repeat removes nothing. */
  abstract removeUpTo(id: ConversationId, no: number): Promise<void>;
  /** Conversations that have any. */
  abstract conversations(limit: number): Promise<ConversationId[]>;
}
