import type { ChangeOutcome, LogChange } from '@parley/core-message';
import { DomainError, type ErrorDetails, type ErrorKind } from '@parley/kernel';
import type { AppendedRange } from './appended.js';

/** A refusal as plain data: outcomes cross a thread. */
export type WireOutcome =
  | { outcome: ChangeOutcome }
  | { refused: { code: string; kind: ErrorKind; details: ErrorDetails } };

export interface Unpublished {
  /** Outbox row to drop once everything of it is published. */
  outboxId: number;
  appended: AppendedRange[];
}

export interface Committed extends Unpublished {
  outcomes: WireOutcome[];
}

/** Where commits run. One at a time is under way; calls keep their order. */
export interface CommitRunner {
  /**
   * Under load commits start at least this far apart, in ms: a fuller transaction costs less per message, here and at every hop behind it,
   * than it makes the first one wait.
   */
  readonly paceMs: number;
  /**
   * One transaction, on disk when this resolves; answers outbox id 0 when nothing was appended.
   * @param published outbox rows whose events are in the event log; they leave with this transaction.
   */
  commit(changes: readonly LogChange[], published: readonly number[], now: number): Promise<Committed>;
  /** The oldest commits of this writer that are in the outbox still. Knows every commit that was answered before this is. */
  unpublished(limit: number): Promise<Unpublished[]>;
  close(): Promise<void>;
  /** Where several processes write one store. */
  readonly shared?: SharedOutbox;
}

/** What several relays on one store need of it, so that each conversation is published in the order of its seqs. */
export interface SharedOutbox {
  /** The oldest commit that each writer has in the outbox, by slot. A slot that is not named has none. */
  oldest(): Promise<ReadonlyMap<number, number>>;
  /** Commits of other writers that lie there for too long, each writer's in order. Empty unless it is this process' turn to publish them. */
  abandoned(limit: number): Promise<(Unpublished & { slot: number })[]>;
  /** Ends this process' turn. */
  endTurn(): Promise<void>;
  /** Called when this writer begins in a slot, where another one may have left commits. */
  onClaim(listener: () => void): void;
}

export function wireOutcome(outcome: ChangeOutcome | DomainError): WireOutcome {
  return outcome instanceof DomainError
    ? { refused: { code: outcome.code, kind: outcome.kind, details: outcome.details } }
    : { outcome };
}
