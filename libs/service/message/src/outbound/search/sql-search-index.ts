import { insertRows, marks, type SqlDatabase } from '@parley/adapter-sql';
import {
  type Candidates,
  type IndexedPart,
  type IndexProgress,
  MessageSearchIndex,
  SEARCH_WINDOW,
  type SearchScope,
} from '@parley/core-message';

type Transaction = Parameters<Parameters<SqlDatabase['transaction']>[0]>[0];
type Place = readonly [conversationNo: number, seq: number];

const DELETE_AT_ONCE = 5000;

/**
 * The search index on MySQL and MariaDB, in the message schema. A posting per term and message in the order (conversation, term,
 * seq): a search is a walk from the newest end of one list that looks the other terms up, and ends when it has enough. What a
 * message was indexed with is kept beside it, because what is recalled has to leave all its lists when its text is gone already.
 */
export class SqlSearchIndex extends MessageSearchIndex {
  constructor(private readonly database: SqlDatabase) {
    super();
  }

  async progress(conversationNos: readonly number[]): Promise<ReadonlyMap<number, IndexProgress>> {
    if (conversationNos.length === 0) return new Map();
    const rows: { no: number; seq: number; at: number }[] = await this.database.read.query(
      `SELECT conversation_no AS no, seq, at FROM search_progress WHERE conversation_no IN (${marks(conversationNos.length)})`,
      [...conversationNos],
    );
    return new Map(rows.map(({ no, seq, at }) => [no, { seq, at: Number(at) }]));
  }

  async apply(parts: readonly IndexedPart[]): Promise<void> {
    if (parts.length === 0) return;
    // In one order, so that two processes wait for each other instead of for ever.
    const ordered = [...parts].sort((a, b) => a.conversationNo - b.conversationNo);
    await this.database.transaction(async (tx) => {
      const nos = ordered.map(({ conversationNo }) => conversationNo);
      const known: { no: number; seq: number }[] = await tx.query(
        `SELECT conversation_no AS no, seq FROM search_progress WHERE conversation_no IN (${marks(nos.length)}) FOR UPDATE`,
        nos,
      );
      const at = new Map(known.map(({ no, seq }) => [no, seq]));
      // DEDUPE: by where the conversation's index is.
      const following = ordered.filter(({ conversationNo, afterSeq }) => (at.get(conversationNo) ?? 0) === afterSeq);
      await replace(tx, following);
      if (following.length > 0)
        await tx.query(
          `INSERT INTO search_progress (conversation_no, seq, at) VALUES ${marks(following.length, '(?, ?, ?)')} ON DUPLICATE KEY UPDATE seq = VALUES(seq), at = VALUES(at)`,
          following.flatMap(({ conversationNo, progress }) => [conversationNo, progress.seq, progress.at]),
        );
    });
  }

  async forget(conversationNo: number): Promise<void> {
    // Without its progress it counts as not indexed, so a half done deletion is done again before anything is added.
    const where = 'WHERE conversation_no = ?';
    await this.database.transaction((tx) =>
      tx.query(`UPDATE search_progress SET seq = 0, at = -1 ${where}`, [conversationNo]),
    );
    for (const table of ['search_postings', 'search_messages'])
      for (let left = true; left; )
        left = await this.database.transaction(async (tx) => {
          await tx.query(`DELETE FROM ${table} ${where} LIMIT ${DELETE_AT_ONCE}`, [conversationNo]);
          const rest: unknown[] = await tx.query(`SELECT 1 FROM ${table} ${where} LIMIT 1`, [conversationNo]);
          return rest.length > 0;
        });
    await this.database.transaction((tx) => tx.query(`DELETE FROM search_progress ${where}`, [conversationNo]));
  }

  async find(terms: readonly string[], scopes: readonly SearchScope[], each: number): Promise<Candidates[]> {
    if (scopes.length === 0) return [];
    const [driver = '', ...others] = terms;
    const also = others
      .map(
        (_, i) =>
          ` AND EXISTS (SELECT 1 FROM search_postings o${i} WHERE o${i}.conversation_no = p.conversation_no AND o${i}.term = ? AND o${i}.seq = p.seq)`,
      )
      .join('');
    const one = `(SELECT p.conversation_no AS no, p.seq AS seq FROM search_postings p WHERE p.conversation_no = ? AND p.term = ? AND p.seq BETWEEN ? AND ?${also} ORDER BY p.seq DESC LIMIT ${Math.trunc(each)})`;
    const bounded = scopes.map((scope) => ({
      ...scope,
      from: Math.max(scope.fromSeq, scope.toSeq - SEARCH_WINDOW + 1),
    }));
    const rows: { no: number; seq: number }[] = await this.database.read.query(
      bounded.map(() => one).join(' UNION ALL '),
      bounded.flatMap(({ conversationNo, from, toSeq }) => [conversationNo, driver, from, toSeq, ...others]),
    );
    const found = Map.groupBy(rows, ({ no }) => no);
    return bounded.map(({ conversationNo, from }) => {
      const seqs = (found.get(conversationNo) ?? []).map(({ seq }) => seq).sort((a, b) => b - a);
      return { conversationNo, seqs, reachedSeq: seqs.length < each ? from : (seqs.at(-1) as number) };
    });
  }
}

async function replace(tx: Transaction, parts: readonly IndexedPart[]): Promise<void> {
  const old = parts.flatMap(({ conversationNo, afterSeq, entries }) =>
    [...entries.keys()].filter((seq) => seq <= afterSeq).map((seq): Place => [conversationNo, seq]),
  );
  await remove(tx, old);
  const filled = parts.flatMap(({ conversationNo, entries }) =>
    [...entries].flatMap(([seq, terms]) => (terms.length === 0 ? [] : [{ conversationNo, seq, terms }])),
  );
  await insertRows(
    tx,
    'search_messages',
    ['conversation_no', 'seq', 'terms'],
    filled.map(({ conversationNo, seq, terms }) => [conversationNo, seq, terms.join(' ')]),
  );
  const postings = filled
    .flatMap(({ conversationNo, seq, terms }) => terms.map((term) => [conversationNo, term, seq] as const))
    // In the order of the key, in which pages are next to each other.
    .sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : a[2] - b[2]));
  await insertRows(tx, 'search_postings', ['conversation_no', 'term', 'seq'], postings);
}

async function remove(tx: Transaction, places: readonly Place[]): Promise<void> {
  for (const [no, seq] of places) {
    const rows: { terms: string }[] = await tx.query(
      'SELECT terms FROM search_messages WHERE conversation_no = ? AND seq = ?',
      [no, seq],
    );
    const terms = rows.flatMap((row) => row.terms.split(' '));
    if (terms.length === 0) continue;
    await tx.query(
      `DELETE FROM search_postings WHERE conversation_no = ? AND seq = ? AND term IN (${marks(terms.length)})`,
      [no, seq, ...terms],
    );
    await tx.query('DELETE FROM search_messages WHERE conversation_no = ? AND seq = ?', [no, seq]);
  }
}
