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
  bytesOf,
  changed,
  cut,
  type Entries,
  firstSeqOf,
  HEAD_BYTES,
  isTail,
  pack,
  seqOfHead,
  termHash,
  termHashes,
  unpack,
} from './term-blocks.js';

type Transaction = Parameters<Parameters<SqlDatabase['transaction']>[0]>[0];

/** What is known of a conversation before its tail is read. */
interface Known {
  no: number;
  seq: number;
  bytes: number;
  head: Buffer;
}

interface Following {
  part: IndexedPart;
  old: Known | undefined;
  news: Entries;
}

interface Saved {
  part: IndexedPart;
  tail: Entries;
}

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
      const known: Known[] = await tx.query(
        `SELECT conversation_no AS no, seq, LENGTH(tail) AS bytes, LEFT(tail, ${HEAD_BYTES}) AS head FROM search_progress WHERE conversation_no IN (${marks(nos.length)}) FOR UPDATE`,
        nos,
      );
      const at = new Map(known.map((row) => [row.no, row]));
      // DEDUPE: by where the conversation's index is.
      const following = ordered
        .map((part) => ({ part, old: at.get(part.conversationNo) }))
        .filter(({ part, old }) => (old?.seq ?? 0) === part.afterSeq)
        .map(({ part, old }) => ({ part, old, news: newsOf(part) }));
      const [short, long] = [following.filter(fits), following.filter((one) => !fits(one))];
      // What most conversations have new is a message or two, which are put at the end of what is there.
      await save(
        tx,
        short.map(({ part, news }) => ({ part, tail: news })),
        'CONCAT(tail, VALUES(tail))',
      );
      await save(tx, await rewritten(tx, long), 'VALUES(tail)');
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

/** Changes to older messages do not fit, neither does what would make the tail too long or too wide. */
function fits({ part, old, news }: Following): boolean {
  if ([...part.entries.keys()].some((seq) => seq <= part.afterSeq)) return false;
  return isTail(
    (old?.bytes ?? 0) + bytesOf(news),
    old?.head[0] === undefined ? part.afterSeq : seqOfHead(old.head),
    part.progress.seq,
  );
}

/** Entries of messages that were not indexed before. */
function newsOf({ afterSeq, entries }: IndexedPart): Entries {
  const news = [...entries].filter(([seq, terms]) => seq > afterSeq && terms.length > 0).sort(([a], [b]) => a - b);
  return new Map(news.map(([seq, terms]) => [seq, termHashes(terms)]));
}

/** New tails, of which blocks were cut; what is older than the tails is changed where it lies. */
async function rewritten(tx: Transaction, all: readonly Following[]): Promise<Saved[]> {
  if (all.length === 0) return [];
  const rows: { no: number; tail: Buffer }[] = await tx.query(
    `SELECT conversation_no AS no, tail FROM search_progress WHERE conversation_no IN (${marks(all.length)}) FOR UPDATE`,
    all.map(({ part }) => part.conversationNo),
  );
  const tails = new Map(rows.map(({ no, tail }) => [no, unpack(tail)]));
  const blocks: Block[] = [];
  const saved: Saved[] = [];
  for (const { part, news } of all) {
    const { conversationNo } = part;
    const old = await corrected(tx, tails.get(conversationNo) ?? new Map(), part);
    const { blocks: full, tail } = cut(new Map([...old, ...news]));
    blocks.push(...full.map((entries) => ({ conversationNo, firstSeq: firstSeqOf(entries) as number, entries })));
    saved.push({ part, tail });
  }
  await insert(tx, blocks);
  return saved;
}

async function corrected(tx: Transaction, tail: Entries, part: IndexedPart): Promise<Entries> {
  const { conversationNo, afterSeq, entries } = part;
  const first = firstSeqOf(tail) ?? Number.POSITIVE_INFINITY;
  let kept = tail;
  for (const [seq, terms] of entries) {
    if (seq > afterSeq) continue;
    if (seq >= first) kept = changed(kept, seq, termHashes(terms));
    else await replace(tx, conversationNo, seq, termHashes(terms));
  }
  return kept;
}

async function save(tx: Transaction, all: readonly Saved[], tail: string): Promise<void> {
  if (all.length === 0) return;
  await tx.query(
    `INSERT INTO search_progress (conversation_no, seq, at, tail) VALUES ${marks(all.length, '(?, ?, ?, ?)')} ON DUPLICATE KEY UPDATE seq = VALUES(seq), at = VALUES(at), tail = ${tail}`,
    all.flatMap(({ part, tail }) => [part.conversationNo, part.progress.seq, part.progress.at, pack(tail)]),
  );
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
