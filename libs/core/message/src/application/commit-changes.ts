import type { DomainError } from '@parley/kernel';
import { DomainError as KnownError } from '@parley/kernel';
import type { ChangeOutcome } from '../domain/apply-changes.js';
import type { CursorChange, FactChange, SendChange } from '../domain/changes/change.js';
import type { CursorOutcome } from '../domain/changes/move-cursor.js';
import type { SendOutcome } from '../domain/changes/send.js';
import { ConversationLog } from '../ports/conversation-log.js';

export type Answer<T> = T | DomainError;

/** Sends by the batch: each is committed or refused by itself. */
export class SendMessages {
  constructor(private readonly log: ConversationLog) {}

  async execute(sends: readonly SendChange[]): Promise<Answer<SendOutcome>[]> {
    return (await this.log.commit(sends)) as Answer<SendOutcome>[];
  }
}

/** Facts of other services, by the batch. The first refused one fails the call: its caller repeats all of them (they are idempotent). */
export class AppendFacts {
  constructor(private readonly log: ConversationLog) {}

  async execute(facts: readonly FactChange[]): Promise<number[]> {
    return (await this.log.commit(facts)).map((outcome) => (required(outcome) as { seq: number }).seq);
  }
}

export interface MovedCursor extends CursorOutcome {
  conversationId: string;
  userId: string;
  /** The session that moved it and knows; empty when several did. */
  sessionId: string;
}

/** A cursor move with the session it came from. */
export interface CursorMove extends CursorChange {
  sessionId: string;
}

/** Told of cursors that moved, so that other devices and members see it. Best effort: the cursor itself is in the store. */
export abstract class CursorWatch {
  abstract moved(cursors: readonly MovedCursor[]): void;
}

/** Cursors by the batch. Moves of one user in one conversation are merged: only the furthest counts. */
export class AdvanceCursors {
  constructor(
    private readonly log: ConversationLog,
    private readonly watch: CursorWatch,
  ) {}

  async execute(moves: readonly CursorMove[]): Promise<Answer<CursorOutcome>[]> {
    const merged = new Map<string, CursorMove>();
    for (const move of moves) {
      const key = keyOf(move);
      const other = merged.get(key);
      if (other === undefined) merged.set(key, { ...move });
      else {
        other.readSeq = Math.max(other.readSeq, move.readSeq);
        other.deliveredSeq = Math.max(other.deliveredSeq, move.deliveredSeq);
        if (other.sessionId !== move.sessionId) other.sessionId = '';
      }
    }
    const changes = [...merged.values()];
    const outcomes = (await this.log.commit(changes)) as Answer<CursorOutcome>[];
    const byKey = new Map(changes.map((change, i) => [keyOf(change), outcomes[i] as Answer<CursorOutcome>]));
    const moved = changes.flatMap((change, i) => {
      const outcome = outcomes[i];
      return outcome === undefined || outcome instanceof KnownError || !outcome.moved
        ? []
        : [{ ...outcome, conversationId: change.conversationId, userId: change.userId, sessionId: change.sessionId }];
    });
    if (moved.length > 0) this.watch.moved(moved);
    return moves.map((move) => byKey.get(keyOf(move)) as Answer<CursorOutcome>);
  }
}

function keyOf(move: CursorChange): string {
  return `${move.userId}/${move.conversationId}`;
}

export function required(outcome: Answer<ChangeOutcome> | undefined): ChangeOutcome {
  if (outcome === undefined) throw new KnownError('server.internal', 'internal');
  if (outcome instanceof KnownError) throw outcome;
  return outcome;
}
