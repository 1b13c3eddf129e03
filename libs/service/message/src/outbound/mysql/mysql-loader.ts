import { type LogChange, WorkingSet } from '@parley/core-message';
import type { Place } from '../appended.js';
import { conversationOf, eventOf, memberOf, type SqlConversation, type SqlEvent, type SqlMember } from '../rows.js';
import type { KnownConversations, StoredConversation } from './known-conversations.js';
import { isAboutMembers, Needs, usersOf } from './needs.js';
import {
  type FoundPoint,
  type FoundSend,
  headsByIds,
  headsByNumbers,
  newConversations,
  numbersOf,
  selectsOf,
} from './selects.js';
import type { Answers } from './mysql-writer.js';

interface SqlHidden {
  conversation_no: number;
  user_id: string;
  seq: number;
}

interface SqlReaction {
  conversation_no: number;
  message_seq: number;
  user_id: string;
  emoji: string;
}

type StoredRow = SqlConversation & { writer_slot: number; commit_no: number };

/** A batch's rows, locked by their conversations. */
export interface Loaded {
  set: WorkingSet;
  /** Of this writer's slot. Undefined: somebody else took the slot. */
  commitNo: number | undefined;
  /** Who wrote each conversation last, by number. */
  writtenBy: ReadonlyMap<number, Place>;
}

/**
 * Reads what a batch of changes needs, in one packet where everything is known and two or three where it is not. Conversations are
 * locked in the order of their numbers, so that batches that cross do not wait for each other in a circle.
 */
export class MysqlLoader {
  private readonly set = new WorkingSet();
  private readonly writtenBy = new Map<number, Place>();
  private readonly asked = new Set<string>();

  constructor(
    private readonly query: (sql: string) => Promise<Answers>,
    private readonly known: KnownConversations,
    private readonly changes: readonly LogChange[],
  ) {}

  /** @param opening the statements that begin the transaction; the last one answers the commit's number. */
  async load(opening: string): Promise<Loaded> {
    await this.findNumbers();
    const nos = [...new Set(this.changes.flatMap(({ conversationId }) => this.known.noOf(conversationId) ?? []))];
    const needs = this.needsBefore();
    const [, , begun, ...rest] = await this.query(
      [opening, ...(nos.length === 0 ? [] : [headsByNumbers(nos)]), ...selectsOf(needs)].join(';'),
    );
    const commitNo = (begun as { commit_no: number }[])[0]?.commit_no;
    if (commitNo === undefined) return { set: this.set, commitNo, writtenBy: this.writtenBy };
    if (nos.length > 0) this.takeHeads(rest.shift() as StoredRow[]);
    this.take(needs, rest);
    await this.create();
    const missing = this.needsAfter();
    if (!missing.isEmpty) {
      const [, ...found] = await this.query(['DO 0', ...selectsOf(missing)].join(';'));
      this.take(missing, found);
    }
    return { set: this.set, commitNo, writtenBy: this.writtenBy };
  }

  private async findNumbers(): Promise<void> {
    const ids = new Set(this.changes.map((change) => change.conversationId));
    const unknown = [...ids].filter((id) => this.known.noOf(id) === undefined);
    if (unknown.length === 0) return;
    const [, rows] = await this.query(`DO 0;${numbersOf(unknown)}`);
    for (const row of rows as SqlConversation[]) this.known.noteNo(row.conversation_id, row.no);
  }

  /** What is certain or likely to be needed before the conversations are read. */
  private needsBefore(): Needs {
    const needs = new Needs();
    for (const change of this.changes) {
      if (change.kind === 'send') needs.send(change);
      if (change.kind === 'fact') needs.facts.add(change.changeId);
      const no = this.known.noOf(change.conversationId);
      if (no === undefined) continue;
      for (const userId of usersOf(change))
        if (isAboutMembers(change) || !this.known.hasMember(change.conversationId, userId)) needs.member(no, userId);
      if (change.kind === 'send' && change.replyTo !== '') needs.message(no, change.replyTo);
      if ('messageId' in change) needs.message(no, change.messageId);
      if (change.kind === 'hide' || change.kind === 'react' || change.kind === 'pin') needs.marks(no, change);
    }
    return needs;
  }

  /** What was not certain then: members that somebody else may have changed, and what lies behind read cursors. */
  private needsAfter(): Needs {
    const needs = new Needs();
    for (const change of this.changes) {
      const conversation = this.set.conversations.get(change.conversationId) as StoredConversation | undefined;
      if (conversation === undefined) continue;
      for (const userId of usersOf(change)) {
        if (this.set.member(conversation.no, userId) !== undefined) continue;
        const row = isAboutMembers(change) ? undefined : this.known.member(conversation, userId);
        if (row !== undefined) this.set.loadMember(row);
        else if (!this.asked.has(`${conversation.no}/${userId}`)) needs.member(conversation.no, userId);
      }
      if (change.kind === 'cursor' && change.readSeq > 0 && change.readSeq < conversation.headSeq) {
        needs.event(conversation.no, change.readSeq);
        needs.point(conversation.no, change.userId, change.readSeq);
      }
    }
    return needs;
  }

  private takeHeads(rows: readonly StoredRow[]): void {
    for (const row of rows) {
      const writtenBy = { slot: row.writer_slot, commitNo: row.commit_no };
      this.writtenBy.set(row.no, writtenBy);
      this.set.loadConversation({ ...conversationOf(row), writtenBy } as StoredConversation);
    }
  }

  private take(needs: Needs, answers: Answers): void {
    for (const key of needs.members.keys()) this.asked.add(key);
    const next = <T>(isAsked: number) => (isAsked === 0 ? [] : (answers.shift() as T[]));
    for (const row of next<SqlMember>(needs.members.size)) this.set.loadMember(memberOf(row));
    for (const row of next<SqlEvent>(needs.events.size)) this.set.loadEvent(eventOf(row));
    for (const row of next<FoundPoint>(needs.points.size)) this.set.loadOwnSends(row.no, row.user_id, row.seq, row.n);
    for (const row of next<{ change_id: string; seq: number }>(needs.facts.size))
      this.set.loadFact(row.change_id, row.seq);
    for (const row of next<FoundSend>(needs.sends.size))
      this.set.loadSend(needs.sends.get(row.send_key.toString('hex')) ?? '', {
        conversationNo: row.conversation_no,
        seq: row.seq,
        at: row.at,
        fingerprint: row.fingerprint,
      });
    for (const row of next<SqlHidden>(needs.hidden.size))
      this.set.loadHidden(row.conversation_no, row.user_id, row.seq);
    for (const row of next<SqlReaction>(needs.reactions.size))
      this.set.marks.loadReaction({
        conversationNo: row.conversation_no,
        messageSeq: row.message_seq,
        userId: row.user_id,
        emoji: row.emoji,
      });
    for (const row of next<{ no: number; n: number }>(needs.pins.size)) this.set.marks.loadPinCount(row.no, row.n);
  }

  /** Makes the conversations that begin with this batch, unless another writer was faster. */
  private async create(): Promise<void> {
    const created = this.changes.flatMap((change) =>
      change.kind === 'fact' && change.fact.is === 'created' && !this.set.conversations.has(change.conversationId)
        ? [{ conversationId: change.conversationId, ...change.fact }]
        : [],
    );
    const byId = new Map(created.map((each) => [each.conversationId, each]));
    if (byId.size === 0) return;
    // ORDER: by id, for those who make the same ones at the same time.
    const ids = [...byId.keys()].sort();
    const [, rows] = await this.query(
      `${newConversations(ids.map((id) => byId.get(id) as (typeof created)[number]))};${headsByIds(ids)}`,
    );
    this.takeHeads(rows as StoredRow[]);
  }
}
