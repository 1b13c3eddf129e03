import {
  applyChanges,
  type ChangeOutcome,
  type ConversationRow,
  type EventRow,
  type LogChange,
  type MessageWindows,
  type WorkingSet,
} from '@parley/core-message';
import { DomainError, type ErrorDetails, type ErrorKind } from '@parley/kernel';
import Database from 'better-sqlite3';
import { type AppendedRange, appendedRange } from '../appended.js';
import { conversationOf, eventOf, eventValues, memberValues } from './rows.js';
import { SqliteLoader } from './sqlite-loader.js';
import { prepareStatements, type Statements } from './sqlite-statements.js';

/** A refusal as plain data: outcomes cross a thread. */
export type WireOutcome =
  | { outcome: ChangeOutcome }
  | { refused: { code: string; kind: ErrorKind; details: ErrorDetails } };

export interface Committed {
  outcomes: WireOutcome[];
  /** What to publish; empty when nothing was appended. */
  appended: AppendedRange[];
  /** Outbox row to drop once that is published; 0 for none. */
  outboxId: number;
}

/**
 * The group-commit writer on SQLite: one synchronous transaction for a batch of changes. Must be the only writer of its file.
 * WAL with synchronous=FULL: when `commit` returns, the batch is on disk (G1).
 */
export class SqliteCommitEngine {
  private readonly db: Database.Database;
  private readonly sql: Statements;

  constructor(
    file: string,
    private readonly windows: MessageWindows,
  ) {
    this.db = new Database(file);
    this.db.pragma('journal_mode = WAL');
    this.db.pragma('synchronous = FULL');
    this.db.pragma('cache_size = -32768');
    // Checkpoints copy each page once however often it changed: rarer is cheaper. 8000 pages: a log of 32 MB.
    this.db.pragma('wal_autocheckpoint = 8000');
    this.sql = prepareStatements(this.db);
  }

  /** @param published outbox rows whose events are in the event log; they leave with this transaction. */
  commit(changes: readonly LogChange[], published: readonly number[], now: number): Committed {
    this.sql.begin.run();
    try {
      const loader = new SqliteLoader(this.sql);
      const set = loader.load(changes);
      const outcomes = applyChanges(set, changes, now, this.windows);
      this.write(set, loader.slots);
      const appended = this.appendedRanges(set);
      const outboxId =
        set.newEvents.length === 0
          ? 0
          : Number(this.sql.insertOutbox.run(JSON.stringify(rangesOf(set))).lastInsertRowid);
      for (const id of published) this.sql.deleteOutbox.run(id);
      this.sql.commit.run();
      return { outcomes: outcomes.map(wireOutcome), appended, outboxId };
    } catch (error) {
      if (this.db.inTransaction) this.sql.rollback.run();
      throw error;
    }
  }

  /** What a crash left unpublished, oldest first. */
  unpublished(limit: number): { outboxId: number; appended: AppendedRange[] }[] {
    return this.sql.outbox.all(limit).map(({ id, ranges }) => ({
      outboxId: id,
      appended: (JSON.parse(ranges) as [number, number, number][]).flatMap(([no, from, to]) => {
        const row = this.sql.conversationByNo.get(no);
        return row === undefined
          ? []
          : [this.appendedRange(conversationOf(row), this.sql.events.all(no, from, to).map(eventOf))];
      }),
    }));
  }

  close(): void {
    this.db.close();
  }

  private write(set: WorkingSet, slots: ReadonlyMap<string, number>): void {
    for (const row of set.newEvents) this.sql.insertEvent.run(eventValues(row));
    for (const [key, send] of set.newSends)
      this.sql.insertSendKey.run(slots.get(key), send.conversationNo, send.seq, send.fingerprint);
    for (const [changeId, fact] of set.newFacts) this.sql.insertFact.run(changeId, fact.conversationNo, fact.seq);
    for (const row of set.changedMessages)
      this.sql.saveMessage.run(row.data, row.editedAt, row.recalledAt, row.recalledBy, row.conversationNo, row.seq);
    for (const c of set.dirtyConversations)
      this.sql.saveConversation.run(
        c.headSeq,
        c.messageCount,
        c.lastMessageSeq,
        c.lastActivityAt,
        c.memberCount,
        c.disbanded ? 1 : 0,
        c.no,
      );
    for (const row of set.dirtyMembers) this.sql.saveMember.run(memberValues(row));
    for (const m of set.newMentions) this.sql.insertMention.run(m.userId, m.conversationNo, m.seq);
    for (const m of set.newHidden) this.sql.insertHidden.run(m.userId, m.conversationNo, m.seq);
  }

  private appendedRanges(set: WorkingSet): AppendedRange[] {
    if (set.newEvents.length === 0) return [];
    const byNo = Map.groupBy(set.newEvents, (event) => event.conversationNo);
    return [...set.dirtyConversations].flatMap((conversation) => {
      const rows = byNo.get(conversation.no);
      return rows === undefined ? [] : [appendedRange(conversation, rows, (seq) => set.event(conversation.no, seq))];
    });
  }

  private appendedRange(conversation: ConversationRow, rows: EventRow[]): AppendedRange {
    return appendedRange(conversation, rows, (seq) => {
      const row = this.sql.event.get(conversation.no, seq);
      return row === undefined ? undefined : eventOf(row);
    });
  }
}

function rangesOf(set: WorkingSet): [number, number, number][] {
  const ranges = new Map<number, [number, number, number]>();
  for (const { conversationNo, seq } of set.newEvents) {
    const range = ranges.get(conversationNo);
    if (range === undefined) ranges.set(conversationNo, [conversationNo, seq, seq]);
    else range[2] = seq;
  }
  return [...ranges.values()];
}

function wireOutcome(outcome: ChangeOutcome | DomainError): WireOutcome {
  return outcome instanceof DomainError
    ? { refused: { code: outcome.code, kind: outcome.kind, details: outcome.details } }
    : { outcome };
}
