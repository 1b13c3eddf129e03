import type { ConversationRow, MemberRow } from '@parley/core-message';
import { marks, SqlLogReader } from '../sql-log-reader.js';

interface TailEvent {
  conversation_no: number;
  seq: number;
  message_no: number;
  at: number;
  message_type: string;
  actor_id: string;
}

/** The log on SQLite: one writer, whose events have numbers in the order of their commits, and whose counts may be late. */
export class SqliteLogReader extends SqlLogReader {
  async position(): Promise<string> {
    const [row] = await this.all<{ term: string | null; id: number | null }>(
      'SELECT (SELECT term FROM log_terms ORDER BY no DESC LIMIT 1) AS term, (SELECT MAX(id) FROM events) AS id',
      [],
    );
    return `${row?.term ?? ''}_${row?.id ?? 0}`;
  }

  async holds(position: string): Promise<boolean> {
    const { term, id } = parse(position);
    if (Number.isNaN(id)) return false;
    const newest = 'SELECT COALESCE(MAX(id), 0) FROM events';
    // Cursors from before there were terms are numbers alone.
    if (term === undefined) {
      const [row] = await this.all<{ newest: number }>(`SELECT (${newest}) AS newest`, []);
      return row !== undefined && id <= row.newest;
    }
    const [row] = await this.all<{ upto: number }>(
      `SELECT COALESCE((SELECT n.since FROM log_terms n WHERE n.no > t.no ORDER BY n.no LIMIT 1), (${newest})) AS upto FROM log_terms t WHERE t.term = ?`,
      [term],
    );
    return row !== undefined && id <= row.upto;
  }

  async headsAt(conversationNos: readonly number[], position: string): Promise<ReadonlyMap<number, number>> {
    if (conversationNos.length === 0) return new Map();
    // Seqs and ids grow together within a conversation: from the head backwards, this touches only what was missed.
    const rows = await this.all<{ no: number; seq: number | null }>(
      `SELECT c.no, (SELECT e.seq FROM events e WHERE e.conversation_no = c.no AND e.id <= ? ORDER BY e.seq DESC LIMIT 1) AS seq
      FROM conversations c WHERE c.no IN (${marks(conversationNos)})`,
      [parse(position).id, ...conversationNos],
    );
    return new Map(rows.flatMap(({ no, seq }) => (seq === null ? [] : [[no, seq] as const])));
  }

  /** Adds the events that the writer has committed and not counted yet (see PendingCounts). Mostly there are none. */
  protected override async countTails(
    rows: readonly { conversation: ConversationRow; member: MemberRow | undefined }[],
  ): Promise<void> {
    if (rows.length === 0) return;
    const places = rows.map(() => '(conversation_no = ? AND seq > ?)').join(' OR ');
    const sql = `SELECT conversation_no, seq, message_no, at, message_type, actor_id FROM events WHERE ${places} ORDER BY conversation_no, seq`;
    const tail = await this.all<TailEvent>(
      sql,
      rows.flatMap(({ conversation }) => [conversation.no, conversation.headSeq]),
    );
    if (tail.length === 0) return;
    const byNo = new Map(rows.map((row) => [row.conversation.no, row]));
    for (const event of tail) {
      const row = byNo.get(event.conversation_no);
      if (row === undefined) continue;
      row.conversation.headSeq = event.seq;
      row.conversation.messageCount = event.message_no;
      row.conversation.lastActivityAt = event.at;
      if (event.message_type === '') continue;
      row.conversation.lastMessageSeq = event.seq;
      if (row.member?.userId === event.actor_id && event.seq > row.member.countedSeq) row.member.sentCount += 1;
    }
  }
}

function parse(position: string): { term: string | undefined; id: number } {
  const [, term, id] = /^(?:([0-9a-f]{12})_)?(\d{1,15})$/.exec(position) ?? [];
  return { term, id: Number(id ?? Number.NaN) };
}
