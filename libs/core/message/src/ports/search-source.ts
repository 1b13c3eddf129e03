import type { EventRow } from '../domain/log-rows.js';

/** What the index is made of. */
export type IndexedEvent = Pick<
  EventRow,
  'conversationNo' | 'seq' | 'type' | 'at' | 'actorId' | 'refSeq' | 'messageType' | 'data' | 'recalledAt'
>;

/** What the indexer asks of the log besides what every reader asks. */
export abstract class SearchSource {
  /** Numbers of conversations by their ids; unknown ones are left out. At most 1000 at once. */
  abstract numbersOf(conversationIds: readonly string[]): Promise<number[]>;
  /** Conversations in the order of their numbers. Heads of busy ones may be behind. */
  abstract heads(afterNo: number, limit: number): Promise<{ no: number; headSeq: number }[]>;
  /** Events of the conversations with a seq after `afterSeq` and up to `toSeq`, each conversation's in their order. At most 1000 places. */
  abstract events(places: readonly { no: number; afterSeq: number; toSeq: number }[]): Promise<IndexedEvent[]>;
}
