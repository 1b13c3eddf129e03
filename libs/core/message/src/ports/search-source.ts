/** What the indexer asks of the log besides what every reader asks. */
export abstract class SearchSource {
  /** Numbers of conversations by their ids; unknown ones are left out. At most 1000 at once. */
  abstract numbersOf(conversationIds: readonly string[]): Promise<number[]>;
  /** Conversations in the order of their numbers. Heads of busy ones may be behind. */
  abstract heads(afterNo: number, limit: number): Promise<{ no: number; headSeq: number }[]>;
}
