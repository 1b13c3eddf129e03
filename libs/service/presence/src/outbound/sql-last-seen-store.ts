import { insertRows, marks, type SqlDatabase } from '@parley/adapter-sql';
import { type LastSeen, LastSeenStore } from '@parley/core-presence';

/** One statement for the known users and one for the new ones, in words that SQLite and MySQL share. */
export class SqlLastSeenStore extends LastSeenStore {
  constructor(private readonly database: SqlDatabase) {
    super();
  }

  async save(entries: readonly LastSeen[]): Promise<void> {
    if (entries.length === 0) return;
    await this.database.transaction(async (tx) => {
      const ids = entries.map((entry) => entry.userId);
      const rows: { user_id: string; seen_at: number | string }[] = await tx.query(
        `SELECT user_id, seen_at FROM last_seen WHERE user_id IN (${marks(ids.length)})`,
        ids,
      );
      const known = new Map(rows.map((row) => [row.user_id, Number(row.seen_at)]));
      const fresh = entries.filter(({ userId }) => !known.has(userId));
      const later = entries.filter(({ userId, at }) => at > (known.get(userId) ?? Number.POSITIVE_INFINITY));
      await insertRows(
        tx,
        'last_seen',
        ['user_id', 'seen_at'],
        fresh.map(({ userId, at }) => [userId, at]),
      );
      if (later.length > 0)
        await tx.query(
          `UPDATE last_seen SET seen_at = CASE user_id ${later.map(() => 'WHEN ? THEN ?').join(' ')} ELSE seen_at END WHERE user_id IN (${marks(later.length)})`,
          [...later.flatMap(({ userId, at }) => [userId, at]), ...later.map(({ userId }) => userId)],
        );
    });
  }

  async load(userIds: readonly string[]): Promise<Map<string, number>> {
    if (userIds.length === 0) return new Map();
    const rows: { user_id: string; seen_at: number | string }[] = await this.database.read.query(
      `SELECT user_id, seen_at FROM last_seen WHERE user_id IN (${marks(userIds.length)})`,
      [...userIds],
    );
    return new Map(rows.map((row) => [row.user_id, Number(row.seen_at)]));
  }
}
