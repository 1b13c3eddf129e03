import { marks, type SqlDatabase } from '@parley/adapter-sql';
import { type IndexedEvent, SearchSource } from '@parley/core-message';

interface SqlIndexedEvent {
  conversation_no: number;
  seq: number;
  type: string;
  at: number | string;
  actor_id: string;
  ref_seq: number;
  message_type: string;
  data: string;
  recalled_at: number | string;
}

/** The log's conversations, in SQL that SQLite and MySQL both take. */
export class SqlSearchSource extends SearchSource {
  constructor(private readonly database: SqlDatabase) {
    super();
  }

  async numbersOf(conversationIds: readonly string[]): Promise<number[]> {
    if (conversationIds.length === 0) return [];
    const rows: { no: number }[] = await this.database.read.query(
      `SELECT no FROM conversations WHERE conversation_id IN (${marks(conversationIds.length)})`,
      [...conversationIds],
    );
    return rows.map(({ no }) => no);
  }

  heads(afterNo: number, limit: number): Promise<{ no: number; headSeq: number }[]> {
    return this.database.read.query(
      'SELECT no, head_seq AS headSeq FROM conversations WHERE no > ? ORDER BY no LIMIT ?',
      [afterNo, limit],
    );
  }

  async events(places: readonly { no: number; afterSeq: number; toSeq: number }[]): Promise<IndexedEvent[]> {
    if (places.length === 0) return [];
    const where = places.map(() => '(conversation_no = ? AND seq > ? AND seq <= ?)').join(' OR ');
    const rows: SqlIndexedEvent[] = await this.database.read.query(
      `SELECT conversation_no, seq, type, at, actor_id, ref_seq, message_type, data, recalled_at FROM events WHERE ${where} ORDER BY conversation_no, seq`,
      places.flatMap(({ no, afterSeq, toSeq }) => [no, afterSeq, toSeq]),
    );
    return rows.map((row) => ({
      conversationNo: row.conversation_no,
      seq: row.seq,
      type: row.type,
      at: Number(row.at),
      actorId: row.actor_id,
      refSeq: row.ref_seq,
      messageType: row.message_type,
      data: row.data,
      recalledAt: Number(row.recalled_at),
    }));
  }
}
