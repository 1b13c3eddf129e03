import type { CallId, Page, PageRequest, UserId } from '@parley/kernel';
import type { Call } from '../domain/call.js';
import type { CallFact } from '../domain/fact.js';

export type BeginOutcome =
  | { is: 'begun' }
  /** The caller used this key before: the call that it made. */
  | { is: 'repeated'; call: Call }
  /** This user is in another live call; nothing was written. */
  | { is: 'engaged'; userId: UserId };

/**
 * Calls, and who is in one now: a user is in at most one live call, whatever comes at once. Facts are written in the transaction
 * of the change that made them.
 */
export abstract class CallStore {
  /** Adds a call. A live one engages its people, all or none; one that has ended already engages nobody. Key empty: none. */
  abstract begin(call: Call, idempotencyKey: string, facts: readonly CallFact[]): Promise<BeginOutcome>;
  abstract find(callId: CallId): Promise<Call | undefined>;
  /** Replaces the version before. False when the stored one is another: read again. An ended call frees its people. */
  abstract save(call: Call, facts: readonly CallFact[]): Promise<boolean>;
  /** The live call that the user is part of. */
  abstract liveCallOf(userId: UserId): Promise<Call | undefined>;
  /** Live calls whose deadline is at or before this time, the oldest deadline first. */
  abstract overdue(now: number, limit: number): Promise<Call[]>;
  /** Ringing calls begun at or before this time of which no device of a callee has said that it rings, the oldest first. */
  abstract unheard(createdUntil: number, limit: number): Promise<Call[]>;
  /** Calls that the user is or was part of, newest first. */
  abstract list(userId: UserId, activeOnly: boolean, page: PageRequest): Promise<Page<Call>>;
}
