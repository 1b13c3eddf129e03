import { afterEach, describe, expect, it } from 'vitest';
import { isUniqueViolation } from './driver-errors.js';
import type { SqlDatabase } from './sql-database.js';
import { changed, insertRows, transact } from './statements.js';
import { sqlEngines } from './testing/index.js';

for (const sql of sqlEngines)
  describe.skipIf(sql.missing)(`SqlDatabase on ${sql.name}`, () => {
    const closing: (() => Promise<void>)[] = [];
    afterEach(async () => {
      for (const close of closing.splice(0)) await close();
    });

    async function open() {
      const opened = await sql.open('presence');
      closing.push(() => opened.close());
      return { one: opened.database, two: await opened.another() };
    }
    const seen = async (database: SqlDatabase, userId: string): Promise<number | undefined> => {
      const rows: { seen_at: number }[] = await database.read.query('SELECT seen_at FROM last_seen WHERE user_id = ?', [
        userId,
      ]);
      return rows[0]?.seen_at;
    };
    const put = (database: SqlDatabase, userId: string, at: number) =>
      database.transaction((tx) => insertRows(tx, 'last_seen', ['user_id', 'seen_at'], [[userId, at]]));

    it('gives numbers as numbers, counts and sums too, text and bytes as they were', async () => {
      const { one } = await open();
      const name = `'";--\\ 李 \u{1f600} `;
      await put(one, name, Number.MAX_SAFE_INTEGER);
      await put(one, name.trimEnd(), 1);
      const [row] = await one.read.query(
        'SELECT COUNT(*) AS n, SUM(CASE WHEN seen_at = 1 THEN 2 ELSE 3 END) AS total, MAX(seen_at) AS latest FROM last_seen',
      );
      expect(row).toEqual({ n: 2, total: 5, latest: Number.MAX_SAFE_INTEGER });
      expect(await seen(one, name)).toBe(Number.MAX_SAFE_INTEGER);
      expect(await seen(one, name.trimEnd())).toBe(1);
      const identity = await sql.open('identity');
      closing.push(() => identity.close());
      const bytes = Buffer.from([0, 1, 0x27, 0x5c, 0x80, 0xff]);
      await identity.database.transaction((tx) =>
        insertRows(tx, 'outbox', ['topic', 'record_key', 'value'], [['t', 'k', bytes]]),
      );
      const [kept] = await identity.database.read.query('SELECT value FROM outbox');
      expect(Buffer.isBuffer(kept.value) && kept.value.equals(bytes)).toBe(true);
    });

    it('tells ids apart by case and accent', async () => {
      const { one } = await open();
      for (const [at, id] of ['a', 'A', 'ä', 'a '].entries()) await put(one, id, at);
      expect(await seen(one, 'A')).toBe(1);
      expect(await seen(one, 'a ')).toBe(3);
    });

    it('names a broken key, and nothing else, a unique violation', async () => {
      const { one } = await open();
      await put(one, 'ann', 1);
      await expect(put(one, 'ann', 2)).rejects.toSatisfy(isUniqueViolation);
      const wrong = one.read.query('SELECT nothing FROM last_seen');
      await expect(wrong).rejects.toSatisfy((error) => !isUniqueViolation(error));
      expect(await seen(one, 'ann')).toBe(1);
    });

    it('leaves nothing of a transaction that failed', async () => {
      const { one, two } = await open();
      const failed = one.transaction(async (tx) => {
        await tx.query("INSERT INTO last_seen (user_id, seen_at) VALUES ('ann', 1)");
        throw new Error('on purpose');
      });
      await expect(failed).rejects.toThrow('on purpose');
      expect(await seen(two, 'ann')).toBeUndefined();
    });

    it('counts a row that is written as it was among those that a statement changed', async () => {
      const { one } = await open();
      await put(one, 'ann', 1);
      const touch = (id: string) =>
        one.transaction((tx) => changed(tx, 'UPDATE last_seen SET seen_at = 1 WHERE user_id = ?', [id]));
      expect([await touch('ann'), await touch('bob')]).toEqual([1, 0]);
    });

    it('loses no update of many that read before they write, from two processes', async () => {
      const { one, two } = await open();
      await put(one, 'ann', 0);
      const add = (database: SqlDatabase) =>
        database.transaction(async (tx) => {
          const [row] = await tx.query("SELECT seen_at FROM last_seen WHERE user_id = 'ann'");
          await tx.query("UPDATE last_seen SET seen_at = ? WHERE user_id = 'ann'", [row.seen_at + 1]);
        });
      await Promise.all(Array.from({ length: 24 }, (_, i) => add(i % 2 === 0 ? one : two)));
      expect(await seen(one, 'ann')).toBe(24);
    });

    it('lets no two transactions each rely on what the other changes', async () => {
      const { one, two } = await open();
      // Whoever finds nobody there comes in; at most one may.
      const enter = (database: SqlDatabase, userId: string) =>
        database.transaction(async (tx) => {
          const [row] = await tx.query('SELECT COUNT(*) AS n FROM last_seen WHERE seen_at = 7');
          if (row.n > 0) return false;
          await tx.query('INSERT INTO last_seen (user_id, seen_at) VALUES (?, 7)', [userId]);
          return true;
        });
      const entered = await Promise.all(
        Array.from({ length: 12 }, (_, i) => enter(i % 2 === 0 ? one : two, `user-${i}`)),
      );
      expect(entered.filter(Boolean)).toHaveLength(1);
    });

    it('finds at the second look what another process inserted in between', async () => {
      const { one, two } = await open();
      const made = await Promise.all(
        Array.from({ length: 10 }, (_, i) =>
          transact(i % 2 === 0 ? one : two, async (tx) => {
            const known = await tx.query("SELECT 1 FROM last_seen WHERE user_id = 'ann'");
            if (known.length > 0) return false;
            await tx.query("INSERT INTO last_seen (user_id, seen_at) VALUES ('ann', 1)");
            return true;
          }),
        ),
      );
      expect(made.filter(Boolean)).toHaveLength(1);
    });
  });
