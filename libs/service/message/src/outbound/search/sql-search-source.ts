import { marks, type SqlDatabase } from '@parley/adapter-sql';
import { SearchSource } from '@parley/core-message';

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
}
