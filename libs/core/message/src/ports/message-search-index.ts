/** How far a conversation is indexed. */
export interface IndexProgress {
  seq: number;
  /** Time of the event at `seq`: tells a log that was put back to a backup. */
  at: number;
}

/** What a part of one conversation's log changes in the index. */
export interface IndexedPart {
  conversationNo: number;
  /** `seq` of the progress that this follows; 0 for none. DEDUPE: a part that does not follow is left out, somebody else has indexed it. */
  afterSeq: number;
  progress: IndexProgress;
  /** By seq of the message; takes the place of what was there. Empty: the message leaves the index, and nothing of it stays. */
  entries: ReadonlyMap<number, readonly string[]>;
}

export interface SearchScope {
  conversationNo: number;
  /** Both inclusive. */
  fromSeq: number;
  toSeq: number;
}

export interface Candidates {
  conversationNo: number;
  /** Newest first. */
  seqs: number[];
  /** All from here to `toSeq` was looked at. */
  reachedSeq: number;
}

/**
 * Which messages have which terms: a projection of the log, made by `IndexMessages` and nobody else, and made again when it is lost.
 * What it answers may be out of date, so nothing is shown or withheld on its word alone. Terms are letters, digits, marks and `_`.
 */
export abstract class MessageSearchIndex {
  /** Conversations that are not indexed are left out. */
  abstract progress(conversationNos: readonly number[]): Promise<ReadonlyMap<number, IndexProgress>>;
  /** One transaction, with the progress in it. Each conversation is named once. */
  abstract apply(parts: readonly IndexedPart[]): Promise<void>;
  /** Drops a conversation with its progress. */
  abstract forget(conversationNo: number): Promise<void>;
  /**
   * Up to `each` messages per scope that have all the terms. The work is bounded: of a long range only the newest part may be looked
   * at. Answers in the order of the scopes.
   */
  abstract find(terms: readonly string[], scopes: readonly SearchScope[], each: number): Promise<Candidates[]>;
}

/** Events that one look covers: a conversation without end must not hold anybody up. */
export const SEARCH_WINDOW = 50_000;
