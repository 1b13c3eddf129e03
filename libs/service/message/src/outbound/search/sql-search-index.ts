import { insertRows, marks, type SqlDatabase } from '@parley/adapter-sql';
import {
  type Candidates,
  type IndexedPart,
  type IndexProgress,
  MessageSearchIndex,
  type SearchScope,
} from '@parley/core-message';
import { BlockWalk } from './block-walk.js';
import {
  BLOCK_SPAN,
  changed,
  cut,
  type Entries,
  firstSeqOf,
  pack,
  termHash,
  termHashes,
  unpack,
} from './term-blocks.js';

type Transaction = Parameters<Parameters<SqlDatabase['transaction']>[0]>[0];

interface Block {
  conversationNo: number;
  firstSeq: number;
  entries: Entries;
}

const DELETE_AT_ONCE = 500;

/**
 * The search index on MySQL and MariaDB, in the message schema: per message the hashes of its terms, many messages in one row, in the
 * order of the conversation. The newest ones lie beside its progress, which is written anyway. A search walks the blocks from the
 * newest end: the server leaves out those without the terms, and which messages of the others have them is seen here.
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
      const known: { no: number; seq: number; tail: Buffer }[] = await tx.query(
        `SELECT conversation_no AS no, seq, tail FROM search_progress WHERE conversation_no IN (${marks(nos.length)}) FOR UPDATE`,
        nos,
      );
      const at = new Map(known.map((row) => [row.no, row]));
      // DEDUPE: by where the conversation's index is.
      const following = ordered.filter(
        ({ conversationNo, afterSeq }) => (at.get(conversationNo)?.seq ?? 0) === afterSeq,
      );
      if (following.length === 0) return;
      const blocks: Block[] = [];
      const progress: unknown[] = [];
      for (const part of following) {
        const { conversationNo } = part;
        const old = at.get(conversationNo);
        const newest = await extended(tx, old === undefined ? new Map() : unpack(old.tail), part);
        const { blocks: full, tail } = cut(newest);
        blocks.push(...full.map((entries) => ({ conversationNo, firstSeq: firstSeqOf(entries) as number, entries })));
        progress.push(conversationNo, part.progress.seq, part.progress.at, pack(tail));
      }
      await insert(tx, blocks);
      await tx.query(
        `INSERT INTO search_progress (conversation_no, seq, at, tail) VALUES ${marks(following.length, '(?, ?, ?, ?)')} ON DUPLICATE KEY UPDATE seq = VALUES(seq), at = VALUES(at), tail = VALUES(tail)`,
        progress,
      );
    });
  }

  async forget(conversationNo: number): Promise<void> {
    // Without its progress it counts as not indexed, so a half done deletion is done again before anything is added.
    const where = 'WHERE conversation_no = ?';
    await this.database.transaction((tx) =>
      tx.query(`UPDATE search_progress SET seq = 0, at = -1, tail = '' ${where}`, [conversationNo]),
    );
    for (let left = true; left; )
      left = await this.database.transaction(async (tx) => {
        await tx.query(`DELETE FROM search_blocks ${where} LIMIT ${DELETE_AT_ONCE}`, [conversationNo]);
        const rest: unknown[] = await tx.query(`SELECT 1 FROM search_blocks ${where} LIMIT 1`, [conversationNo]);
        return rest.length > 0;
      });
    await this.database.transaction((tx) => tx.query(`DELETE FROM search_progress ${where}`, [conversationNo]));
  }

  find(terms: readonly string[], scopes: readonly SearchScope[], each: number): Promise<Candidates[]> {
    const hashes = [...new Set(terms.map(termHash))];
    return new BlockWalk(this.database, hashes, scopes, each).candidates();
  }
}

/** The tail with what is new; what is older than it is changed where it lies. */
async function extended(tx: Transaction, tail: Entries, part: IndexedPart): Promise<Entries> {
  const { conversationNo, afterSeq, entries } = part;
  const lastOfBlocks = (firstSeqOf(tail) ?? Number.POSITIVE_INFINITY) - 1;
  const news: Entries = new Map();
  let kept = tail;
  for (const [seq, terms] of entries) {
    const hashes = termHashes(terms);
    if (seq > afterSeq) {
      if (hashes.length > 0) news.set(seq, hashes);
    } else if (seq > lastOfBlocks) kept = changed(kept, seq, hashes);
    else await replace(tx, conversationNo, seq, hashes);
  }
  return new Map([...kept, ...[...news].sort(([a], [b]) => a - b)]);
}

async function replace(tx: Transaction, conversationNo: number, seq: number, hashes: Uint16Array): Promise<void> {
  const [row]: { firstSeq: number; entries: Buffer }[] = await tx.query(
    'SELECT first_seq AS firstSeq, entries FROM search_blocks WHERE conversation_no = ? AND first_seq <= ? ORDER BY first_seq DESC LIMIT 1 FOR UPDATE',
    [conversationNo, seq],
  );
  if (row === undefined || seq - row.firstSeq >= BLOCK_SPAN) {
    if (hashes.length > 0) await insert(tx, [{ conversationNo, firstSeq: seq, entries: new Map([[seq, hashes]]) }]);
    return;
  }
  const entries = changed(unpack(row.entries), seq, hashes);
  const place = [conversationNo, row.firstSeq];
  const where = 'WHERE conversation_no = ? AND first_seq = ?';
  if (entries.size === 0) await tx.query(`DELETE FROM search_blocks ${where}`, place);
  else await tx.query(`UPDATE search_blocks SET entries = ? ${where}`, [pack(entries), ...place]);
}

const insert = (tx: Transaction, blocks: readonly Block[]): Promise<void> =>
  insertRows(
    tx,
    'search_blocks',
    ['conversation_no', 'first_seq', 'entries'],
    blocks.map(({ conversationNo, firstSeq, entries }) => [conversationNo, firstSeq, pack(entries)]),
  );
