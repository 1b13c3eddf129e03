import type { SqlDatabase } from '@parley/adapter-sql';
import { type Fact, type PendingFact, PendingFacts } from '@parley/core-conversation';
import type { ConversationId } from '@parley/kernel';
import type { Row } from './rows.js';

export class SqlPendingFacts extends PendingFacts {
  constructor(private readonly database: SqlDatabase) {
    super();
  }

  async oldest(id: ConversationId, limit: number): Promise<PendingFact[]> {
    const rows: Row[] = await this.database.read.query(
      'SELECT fact_no, fact FROM pending_facts WHERE conversation_id = ? ORDER BY fact_no LIMIT ?',
      [id, limit],
    );
    return rows.map((row) => ({ no: Number(row['fact_no']), fact: JSON.parse(String(row['fact'])) as Fact }));
  }

  async removeUpTo(id: ConversationId, no: number): Promise<void> {
    await this.database.transaction((tx) =>
      tx.query('DELETE FROM pending_facts WHERE conversation_id = ? AND fact_no <= ?', [id, no]),
    );
  }

  async conversations(limit: number): Promise<ConversationId[]> {
    const rows: Row[] = await this.database.read.query('SELECT DISTINCT conversation_id FROM pending_facts LIMIT ?', [
      limit,
    ]);
    return rows.map((row) => row['conversation_id'] as ConversationId);
  }
}
