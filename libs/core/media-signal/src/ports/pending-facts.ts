import type { CallFact } from '../domain/fact.js';

/** Facts that are not yet known to be in the conversations' logs. The call store writes them, the relay takes them away. */
export abstract class PendingFacts {
  /** In the order they were written. */
  abstract oldest(limit: number): Promise<CallFact[]>;
  /** A repeat removes nothing. */
  abstract remove(changeId: string): Promise<void>;
}
