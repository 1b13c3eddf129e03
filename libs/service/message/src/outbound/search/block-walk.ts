import { marks, type SqlDatabase } from '@parley/adapter-sql';
import { type Candidates, SEARCH_WINDOW, type SearchScope } from '@parley/core-message';
import { BLOCK_SPAN, hashBytes, having } from './term-blocks.js';

interface Way {
  readonly no: number;
  readonly from: number;
  readonly to: number;
  /** Newest first. */
  seqs: number[];
  /** Blocks that begin later were looked at. */
  before: number;
  isDone: boolean;
}

interface Row {
  no: number;
  firstSeq: number;
  entries: Buffer;
}

/** Blocks of one scope in the first step: many words need no more. Each further step takes four times as many. */
const FIRST_STEP = 2;
const WIDEST_STEP = 256;
/** Events of each scope that one look covers at least, however many scopes there are. */
const NARROWEST = 2000;

/** One look at some conversations: from the newest end until there are enough candidates, or nothing is left. */
export class BlockWalk {
  private readonly ways: Way[];
  private readonly has: string;
  private readonly patterns: readonly Buffer[];

  constructor(
    private readonly database: SqlDatabase,
    private readonly hashes: readonly number[],
    scopes: readonly SearchScope[],
    private readonly each: number,
  ) {
    const window = Math.max(Math.trunc(SEARCH_WINDOW / Math.max(scopes.length, 1)), NARROWEST);
    this.ways = scopes.map(({ conversationNo, fromSeq, toSeq }) => {
      const from = Math.max(fromSeq, toSeq - window + 1);
      return { no: conversationNo, from, to: toSeq, seqs: [], before: toSeq + 1, isDone: false };
    });
    // Also between two hashes, or in a seq: the server's answer only leaves blocks out.
    this.has = this.hashes.map(() => ' AND LOCATE(?, entries) > 0').join('');
    this.patterns = this.hashes.map(hashBytes);
  }

  async candidates(): Promise<Candidates[]> {
    const atFirst = Math.max(FIRST_STEP, Math.ceil(this.each / 20));
    for (let blocks = atFirst, isFirst = true; ; blocks = Math.min(blocks * 4, WIDEST_STEP), isFirst = false) {
      const open = this.ways.filter(({ isDone }) => !isDone);
      if (open.length === 0) return this.ways.map((way) => this.answer(way));
      // Tails become blocks at any time: both are read by one statement, which sees one state.
      const tails = isFirst ? [this.tails(open)] : [];
      const parts = [...tails, ...open.map((way) => this.blocks(way, blocks))];
      const rows: Row[] = await this.database.read.query(
        parts.map(({ sql }) => `(${sql})`).join(' UNION ALL '),
        parts.flatMap(({ values }) => values),
      );
      const byNo = Map.groupBy(rows, ({ no }) => no);
      for (const way of open) this.take(way, byNo.get(way.no) ?? [], blocks);
    }
  }

  private tails(ways: readonly Way[]) {
    const sql = `SELECT conversation_no AS no, 0 AS firstSeq, tail AS entries FROM search_progress WHERE conversation_no IN (${marks(ways.length)})`;
    return { sql, values: ways.map(({ no }) => no) };
  }

  private blocks({ no, from, before }: Way, limit: number) {
    const sql = `SELECT conversation_no AS no, first_seq AS firstSeq, entries FROM search_blocks WHERE conversation_no = ? AND first_seq > ? AND first_seq < ?${this.has} ORDER BY first_seq DESC LIMIT ${limit}`;
    return { sql, values: [no, from - BLOCK_SPAN, before, ...this.patterns] };
  }

  private take(way: Way, rows: readonly Row[], asked: number): void {
    const found = rows.flatMap(({ entries }) => having(entries, this.hashes));
    const inside = found.filter((seq) => seq >= way.from && seq <= way.to);
    way.seqs = [...way.seqs, ...inside].sort((a, b) => b - a);
    const blocks = rows.map(({ firstSeq }) => firstSeq).filter((firstSeq) => firstSeq > 0);
    if (blocks.length < asked) way.before = way.from;
    else way.before = Math.min(...blocks);
    way.isDone = way.seqs.length >= this.each || way.before <= way.from;
  }

  private answer({ no, from, seqs }: Way): Candidates {
    const best = seqs.slice(0, this.each);
    return { conversationNo: no, seqs: best, reachedSeq: seqs.length < this.each ? from : (best.at(-1) as number) };
  }
}
