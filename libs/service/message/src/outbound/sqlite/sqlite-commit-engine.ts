import {
  applyChanges,
  type ConversationRow,
  type EventRow,
  type LogChange,
  type MessageWindows,
  WorkingSet,
} from '@parley/core-message';
import { randomBytes } from 'node:crypto';
import Database from 'better-sqlite3';
import { type AppendedRange, appendedRange, appendedRanges, rangesOf } from '../appended.js';
import { type Committed, type Unpublished, wireOutcome } from '../commit-runner.js';
import { PendingCounts, writeConversation, writeMember } from './pending-counts.js';
import { conversationOf, eventOf, eventValues } from '../rows.js';
import { SqliteLoader } from './sqlite-loader.js';
import { prepareStatements, type Statements } from './sqlite-statements.js';
import { writeMarks } from './write-marks.js';

/** A batch this small writes its counts at once: there is time, and nobody reads them late. */
const SMALL_BATCH = 8;
/** Counts that may wait, so that a restart has little to count again. */
const MAX_PENDING = 8_000;

/**
 * The group-commit writer on SQLite: one synchronous transaction for a batch of changes. Must be the only writer of its file.
 * WAL with synchronous=FULL: when `commit` returns, the batch is on disk (G1).
 */
export class SqliteCommitEngine {
  private readonly db: Database.Database;
  private readonly sql: Statements;
  private readonly pending: PendingCounts;

  constructor(
    file: string,
    private readonly windows: MessageWindows,
  ) {
    this.db = new Database(file);
    this.db.pragma('journal_mode = WAL');
    this.db.pragma('synchronous = FULL');
    this.db.pragma('cache_size = -32768');
    // A checkpoint copies each page once however often it changed, and holds the commits behind it up: 4000 pages, a log of 16 MB.
    this.db.pragma('wal_autocheckpoint = 4000');
    this.sql = prepareStatements(this.db);
    this.pending = new PendingCounts(this.sql);
    this.pending.recover();
    this.sql.beginTerm.run(randomBytes(6).toString('hex'));
    this.flushIfPossible();
  }

  /** @param published outbox rows whose events are in the event log; they leave with this transaction. */
  commit(changes: readonly LogChange[], published: readonly number[], now: number): Committed {
    return this.transaction(() => {
      const set = new SqliteLoader(this.sql, this.pending).load(changes);
      const outcomes = applyChanges(set, changes, now, this.windows);
      const lastEventId = this.write(set);
      const appended = appendedRanges(set);
      const outboxId =
        set.newEvents.length === 0
          ? 0
          : Number(this.sql.insertOutbox.run(JSON.stringify(rangesOf(set))).lastInsertRowid);
      for (const id of published) this.sql.deleteOutbox.run(id);
      // A row that is written with a new head must not leave counts behind that head: readers count only what lies after it.
      const flush =
        set.decidedConversations.size > 0 || changes.length < SMALL_BATCH || this.pending.size > MAX_PENDING;
      return { answer: { outcomes: outcomes.map(wireOutcome), appended, outboxId }, set, lastEventId, flush };
    });
  }

  /** Writes the counts that wait. */
  flush(): void {
    if (this.pending.size > 0)
      this.transaction(() => ({ answer: undefined, set: new WorkingSet(), lastEventId: 0, flush: true }));
  }

  /** The same where nobody waits for it: on a full disk the counts stay in memory, reads go on, and the next commit says what is wrong. */
  flushIfPossible(): void {
    try {
      this.flush();
    } catch {
      // Kept in `pending`, and in the events themselves.
    }
  }

  /** What a crash left unpublished, oldest first. */
  unpublished(limit: number): Unpublished[] {
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
    this.flushIfPossible();
    this.db.close();
  }

  private transaction<T>(work: () => { answer: T; set: WorkingSet; lastEventId: number; flush: boolean }): T {
    this.sql.begin.run();
    try {
      const { answer, set, lastEventId, flush } = work();
      const conversations = set.countedConversations.union(set.decidedConversations);
      const members = set.countedMembers.union(set.decidedMembers);
      if (flush) {
        // What this batch counted is newer than what waits: it goes in last.
        this.pending.write();
        for (const row of conversations) writeConversation(this.sql, row);
        for (const row of members) writeMember(this.sql, row);
        this.pending.writeSends(set.newSends, lastEventId);
      }
      this.sql.commit.run();
      if (flush) this.pending.clear(lastEventId);
      else this.pending.add(conversations, members, set.newSends, lastEventId);
      return answer;
    } catch (error) {
      if (this.db.inTransaction) this.sql.rollback.run();
      throw error;
    }
  }

  /** Writes what is new and decided; answers the id of the last event. */
  private write(set: WorkingSet): number {
    let lastEventId = 0;
    for (const row of set.newEvents) lastEventId = Number(this.sql.insertEvent.run(eventValues(row)).lastInsertRowid);
    for (const [changeId, fact] of set.newFacts) this.sql.insertFact.run(changeId, fact.conversationNo, fact.seq);
    writeMarks(this.sql, set);
    for (const row of set.decidedConversations) writeConversation(this.sql, row);
    for (const row of set.decidedMembers) writeMember(this.sql, row);
    for (const m of set.newMentions) this.sql.insertMention.run(m.userId, m.conversationNo, m.seq, m.senderId);
    for (const m of set.newHidden) this.sql.insertHidden.run(m.userId, m.conversationNo, m.seq, m.atSeq, m.at);
    return lastEventId;
  }

  private appendedRange(conversation: ConversationRow, rows: EventRow[]): AppendedRange {
    return appendedRange(conversation, rows, (seq) => {
      const row = this.sql.event.get(conversation.no, seq);
      return row === undefined ? undefined : eventOf(row);
    });
  }
}
