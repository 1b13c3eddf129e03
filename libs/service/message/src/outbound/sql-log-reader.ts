import type { SqlDatabase } from '@parley/adapter-sql';
import {
  type ConversationRow,
  EVERYBODY,
  type EventRow,
  LogReader,
  type MemberRow,
  type Membership,
  type MessageRange,
} from '@parley/core-message';
import {
  conversationOf,
  EVENT_FIELDS,
  eventOf,
  MEMBER_COLUMNS,
  memberOf,
  type SqlConversation,
  type SqlEvent,
  type SqlMember,
} from './rows.js';

const MEMBERSHIP = `SELECT c.*, ${MEMBER_COLUMNS.split(', ')
  .map((column) => `m.${column}`)
  .join(', ')} FROM members m JOIN conversations c ON c.no = m.conversation_no`;

/** Of events `e`, with the reader's id as its parameter. */
const NOT_HIDDEN =
  'AND NOT EXISTS (SELECT 1 FROM hidden_messages h WHERE h.user_id = ? AND h.conversation_no = e.conversation_no AND h.seq = e.seq)';

/** Reads the log's tables in SQL that SQLite and MySQL both take; where they differ is in their own readers. */
export abstract class SqlLogReader extends LogReader {
  constructor(private readonly database: SqlDatabase) {
    super();
  }

  async conversation(conversationId: string): Promise<ConversationRow | undefined> {
    const [row] = await this.all<SqlConversation>('SELECT * FROM conversations WHERE conversation_id = ?', [
      conversationId,
    ]);
    if (row === undefined) return undefined;
    const conversation = conversationOf(row);
    await this.countTails([{ conversation, member: undefined }]);
    return conversation;
  }

  async memberships(userId: string, conversationIds: readonly string[]): Promise<Membership[]> {
    if (conversationIds.length === 0) return [];
    const sql = `${MEMBERSHIP} WHERE c.conversation_id IN (${marks(conversationIds)}) AND m.user_id = ? AND m.gone_seq = 0`;
    return this.memberRows(sql, [...conversationIds, userId]);
  }

  async recentMemberships(
    userId: string,
    after: { lastActivityAt: number; no: number } | undefined,
    limit: number,
  ): Promise<Membership[]> {
    const place = after === undefined ? '' : 'AND (c.last_activity_at < ? OR (c.last_activity_at = ? AND c.no < ?))';
    const sql = `${MEMBERSHIP} WHERE m.user_id = ? AND m.gone_seq = 0 ${place} ORDER BY c.last_activity_at DESC, c.no DESC LIMIT ?`;
    const values =
      after === undefined ? [userId, limit] : [userId, after.lastActivityAt, after.lastActivityAt, after.no, limit];
    const rows = (await this.all<SqlConversation & SqlMember>(sql, values)).map(membershipOf);
    const places = rows.map(({ conversation }) => conversation.lastActivityAt);
    await this.countTails(rows);
    // Pages follow each other by what is written; an activity that is not would begin the list again.
    for (const [i, { conversation }] of rows.entries()) conversation.lastActivityAt = places[i] as number;
    return rows;
  }

  async allMemberships(userId: string, afterNo: number, limit: number): Promise<Membership[]> {
    const sql = `${MEMBERSHIP} WHERE m.user_id = ? AND m.conversation_no > ? ORDER BY m.conversation_no LIMIT ?`;
    return this.memberRows(sql, [userId, afterNo, limit]);
  }

  async messages(range: MessageRange): Promise<EventRow[]> {
    const sql = `SELECT ${EVENT_FIELDS} FROM events e WHERE e.conversation_no = ? AND e.seq BETWEEN ? AND ? AND e.message_type <> '' ${NOT_HIDDEN} ORDER BY e.seq ${range.newestFirst ? 'DESC' : 'ASC'} LIMIT ?`;
    return (
      await this.all<SqlEvent>(sql, [range.conversationNo, range.fromSeq, range.toSeq, range.userId, range.limit])
    ).map(eventOf);
  }

  async events(conversationNo: number, afterSeq: number, limit: number): Promise<EventRow[]> {
    const sql = `SELECT ${EVENT_FIELDS} FROM events WHERE conversation_no = ? AND seq > ? ORDER BY seq LIMIT ?`;
    return (await this.all<SqlEvent>(sql, [conversationNo, afterSeq, limit])).map(eventOf);
  }

  async eventsAt(conversationNo: number, seqs: readonly number[]): Promise<EventRow[]> {
    if (seqs.length === 0) return [];
    const sql = `SELECT ${EVENT_FIELDS} FROM events WHERE conversation_no = ? AND seq IN (${marks(seqs)})`;
    return (await this.all<SqlEvent>(sql, [conversationNo, ...seqs])).map(eventOf);
  }

  async timesAt(places: readonly { no: number; seq: number }[]): Promise<ReadonlyMap<number, number>> {
    if (places.length === 0) return new Map();
    const where = places.map(() => '(conversation_no = ? AND seq = ?)').join(' OR ');
    const rows = await this.all<{ no: number; at: number }>(
      `SELECT conversation_no AS no, at FROM events WHERE ${where}`,
      places.flatMap(({ no, seq }) => [no, seq]),
    );
    return new Map(rows.map(({ no, at }) => [no, Number(at)]));
  }

  async timesOf(conversationNo: number, seqs: readonly number[]): Promise<ReadonlyMap<number, number>> {
    if (seqs.length === 0) return new Map();
    const rows = await this.all<{ seq: number; at: number }>(
      `SELECT seq, at FROM events WHERE conversation_no = ? AND seq IN (${marks(seqs)})`,
      [conversationNo, ...seqs],
    );
    return new Map(rows.map(({ seq, at }) => [Number(seq), Number(at)]));
  }

  async ownReactions(
    userId: string,
    messages: readonly { no: number; seq: number }[],
  ): Promise<{ no: number; seq: number; emoji: string }[]> {
    if (messages.length === 0) return [];
    const where = messages.map(() => '(conversation_no = ? AND message_seq = ? AND user_id = ?)').join(' OR ');
    const rows = await this.all<{ no: number; seq: number; emoji: string }>(
      `SELECT conversation_no AS no, message_seq AS seq, emoji FROM reactions WHERE ${where}`,
      messages.flatMap(({ no, seq }) => [no, seq, userId]),
    );
    return rows.map(({ no, seq, emoji }) => ({ no: Number(no), seq: Number(seq), emoji }));
  }

  async pinned(conversationNo: number, userId: string, fromSeq: number): Promise<EventRow[]> {
    const sql = `SELECT ${EVENT_FIELDS.split(', ')
      .map((column) => `e.${column}`)
      .join(', ')} FROM pins p JOIN events e ON e.conversation_no = p.conversation_no AND e.seq = p.message_seq
      WHERE p.conversation_no = ? AND p.message_seq >= ? ${NOT_HIDDEN} ORDER BY p.pinned_seq DESC`;
    return (await this.all<SqlEvent>(sql, [conversationNo, fromSeq, userId])).map(eventOf);
  }

  async hiddenSince(
    userId: string,
    heads: readonly { no: number; seq: number }[],
    since: number,
    limit: number,
  ): Promise<{ no: number; seq: number }[]> {
    if (heads.length === 0) return [];
    const later = heads.map(() => '(conversation_no = ? AND hidden_at_seq >= ?)').join(' OR ');
    const rows = await this.all<{ no: number; seq: number }>(
      `SELECT conversation_no AS no, seq FROM hidden_messages WHERE user_id = ? AND conversation_no IN (${marks(heads)})
      AND (hidden_at >= ? OR ${later}) ORDER BY conversation_no, seq LIMIT ?`,
      [userId, ...heads.map(({ no }) => no), since, ...heads.flatMap(({ no, seq }) => [no, seq]), limit],
    );
    return rows.map(({ no, seq }) => ({ no: Number(no), seq: Number(seq) }));
  }

  async hiddenSeqs(userId: string, conversationNo: number, seqs: readonly number[]): Promise<ReadonlySet<number>> {
    if (seqs.length === 0) return new Set();
    // By the range: almost nobody hides much, and the list of seqs may be long.
    const sql = 'SELECT seq FROM hidden_messages WHERE user_id = ? AND conversation_no = ? AND seq BETWEEN ? AND ?';
    const bounds = [Math.min(...seqs), Math.max(...seqs)];
    const rows = await this.all<{ seq: number }>(sql, [userId, conversationNo, ...bounds]);
    return new Set(rows.map(({ seq }) => Number(seq)));
  }

  async members(conversationNo: number, userIds: readonly string[]): Promise<MemberRow[]> {
    if (userIds.length === 0) return [];
    const sql = `SELECT ${MEMBER_COLUMNS} FROM members WHERE conversation_no = ? AND user_id IN (${marks(userIds)}) AND gone_seq = 0`;
    return (await this.all<SqlMember>(sql, [conversationNo, ...userIds])).map(memberOf);
  }

  async memberPage(conversationNo: number, afterUserId: string, limit: number): Promise<MemberRow[]> {
    const sql = `SELECT ${MEMBER_COLUMNS} FROM members WHERE conversation_no = ? AND user_id > ? AND gone_seq = 0 ORDER BY user_id LIMIT ?`;
    return (await this.all<SqlMember>(sql, [conversationNo, afterUserId, limit])).map(memberOf);
  }

  async mentionCounts(userId: string, memberships: readonly Membership[]): Promise<Map<number, number>> {
    if (memberships.length === 0) return new Map();
    const nos = memberships.map(({ conversation }) => conversation.no);
    const sql = `SELECT t.conversation_no AS no, COUNT(*) AS n FROM mentions t JOIN members m ON m.conversation_no = t.conversation_no AND m.user_id = ?
      WHERE t.user_id IN (?, ?) AND t.conversation_no IN (${marks(nos)}) AND t.seq > m.read_seq AND t.sender_id <> ? GROUP BY t.conversation_no`;
    return new Map(
      (await this.all<{ no: number; n: number }>(sql, [userId, userId, EVERYBODY, ...nos, userId])).map(({ no, n }) => [
        no,
        Number(n),
      ]),
    );
  }

  private async memberRows(sql: string, values: readonly (string | number)[]): Promise<Membership[]> {
    const rows = (await this.all<SqlConversation & SqlMember>(sql, values)).map(membershipOf);
    await this.countTails(rows);
    return rows;
  }

  /** Completes rows whose counts are behind the events, where a store counts late. */
  protected abstract countTails(
    rows: readonly { conversation: ConversationRow; member: MemberRow | undefined }[],
  ): Promise<void>;

  protected all<T>(sql: string, values: readonly (string | number)[]): Promise<T[]> {
    return this.database.read.query<T[]>(sql, [...values]);
  }
}

function membershipOf(row: SqlConversation & SqlMember): Membership {
  return { conversation: conversationOf(row), member: memberOf(row) };
}

export function marks(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ');
}
