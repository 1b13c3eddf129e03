import type { SqlDatabase } from '@parley/adapter-sql';
import { type CallFact, PendingFacts } from '@parley/core-media-signal';
import { factOf, type Row } from './call-rows.js';

export class SqlPendingFacts extends PendingFacts {
  constructor(private readonly database: SqlDatabase) {
    super();
  }

  async oldest(limit: number): Promise<CallFact[]> {
    const rows: Row[] = await this.database.read.query(
      'SELECT change_id, conversation_id, actor_id, type, data FROM pending_facts ORDER BY id LIMIT ?',
      [limit],
    );
    return rows.map(factOf);
  }

  async remove(changeId: string): Promise<void> {
    await this.database.transaction((tx) => tx.query('DELETE FROM pending_facts WHERE change_id = ?', [changeId]));
  }
}
