import { DomainError } from '@parley/kernel';
import type { EventRow } from '../domain/log-rows.js';
import { cursorOf, cursorText, type FoundPlace, inOrder } from '../domain/search/cursor.js';
import { type SnippetPart, snippetOf } from '../domain/search/match.js';
import { type Clause, clausesOf, lookupTerms } from '../domain/search/query.js';
import { textsOf } from '../domain/search/searchable.js';
import { senderTerm, typeTerm } from '../domain/search/terms.js';
import type { LogReader } from '../ports/log-reader.js';
import type { Candidates, MessageSearchIndex } from '../ports/message-search-index.js';
import { asReadBy } from './as-read-by.js';
import { breathe, SearchTurns } from './search-turns.js';
import { narrow, type OpenScope, scopesOf, SKEW_MS } from './search-scopes.js';

export interface MessageSearch {
  actorId: string;
  /** What was typed; empty where a sender or a type is enough. */
  text: string;
  /** Empty for all of the actor's conversations. */
  conversationId: string;
  /** Empty for everybody. */
  senderId: string;
  /** Empty for every type. */
  type: string;
  /** Both inclusive; 0 for no bound. */
  fromAt: number;
  toAt: number;
  cursor: string;
  limit: number;
}

export interface FoundMessage {
  row: EventRow;
  conversationId: string;
  snippet: SnippetPart[];
}

interface Hit extends FoundPlace {
  found: FoundMessage;
}

/** After so many messages and looks an answer ends with what it has, if it has come any further at all. */
const MOST_READ = 2000;
const MOST_LOOKS = 60;
/** One look at the index: mostly the newest conversations have enough, so looks begin narrow and double. */
const LOOK = { scopes: 2, mostScopes: 50, mostRead: 400, fewestEach: 2, mostEach: 200 };

/**
 * The index names candidates, the log decides: each message is read as it is now, where the actor is a member now. Conversations are
 * looked into in the order of their activity until nothing newer than the page can be left; a page ends early, with a cursor to
 * go on, when that takes too much.
 */
export class SearchMessages {
  private readonly turns = new SearchTurns();

  constructor(
    private readonly reader: LogReader,
    private readonly index: MessageSearchIndex,
  ) {}

  /** @throws limit.rate, server.busy where this user, or everybody, searches too much at once */
  execute(asked: MessageSearch): Promise<{ items: FoundMessage[]; nextCursor: string }> {
    return this.turns.take(asked.actorId, () => this.find(asked));
  }

  private async find(asked: MessageSearch): Promise<{ items: FoundMessage[]; nextCursor: string }> {
    const search = { ...asked, text: asked.text.trim() };
    const after = cursorOf(search.cursor);
    const scopes = await scopesOf(this.reader, search.actorId, search.conversationId);
    const clauses = clausesOf(search.text);
    const terms = termsOf(search, clauses);
    // Signs and emoji alone are in no message's terms.
    if (clauses.length === 0 && search.text !== '') return { items: [], nextCursor: '' };
    const page = await new Run(this.reader, this.index, search, { after, clauses, terms }).page(scopes);
    const rows = await asReadBy(
      this.reader,
      search.actorId,
      page.items.map(({ row }) => row),
    );
    return { ...page, items: page.items.map((found, i) => ({ ...found, row: rows[i] as EventRow })) };
  }
}

function termsOf(search: MessageSearch, clauses: readonly Clause[]): string[] {
  const type = typeTerm(search.type);
  const terms = [
    ...lookupTerms(clauses),
    ...(search.senderId === '' ? [] : [senderTerm(search.senderId)]),
    ...(search.type === '' || type === undefined ? [] : [type]),
  ];
  if (terms.length === 0 && search.text === '')
    throw new DomainError('request.invalid', 'invalid', {
      errors: [{ path: 'q', message: 'is needed where neither a sender nor a type other than text is given' }],
    });
  return terms;
}

interface Wanted {
  after: FoundPlace | undefined;
  clauses: readonly Clause[];
  terms: readonly string[];
}

/** One answer in the making. */
class Run {
  private readonly hits: Hit[] = [];
  private readonly toAt: number;
  private read = 0;
  private looks = 0;

  constructor(
    private readonly reader: LogReader,
    private readonly index: MessageSearchIndex,
    private readonly search: MessageSearch,
    private readonly wanted: Wanted,
  ) {
    const { toAt } = search;
    this.toAt = Math.min(toAt === 0 ? Number.MAX_SAFE_INTEGER : toAt, wanted.after?.at ?? Number.MAX_SAFE_INTEGER);
  }

  async page(all: readonly OpenScope[]): Promise<{ items: FoundMessage[]; nextCursor: string }> {
    let open = all.filter(({ newestAt }) => newestAt >= this.search.fromAt);
    for (const scope of open) scope.newestAt = Math.min(scope.newestAt, this.toAt);
    open.sort(latestFirst);
    const start = open[0]?.newestAt ?? 0;
    const isLong = () => this.read >= MOST_READ || this.looks >= MOST_LOOKS;
    while (open.length > 0 && !this.isFull(open) && !(isLong() && (open[0]?.newestAt ?? 0) < start)) {
      const wide = 2 ** Math.min(this.looks, 16);
      const scopes = this.relevant(open).slice(0, Math.min(LOOK.scopes * wide, LOOK.mostScopes));
      const read = Math.min(2 * (this.search.limit + 1) * wide, LOOK.mostRead);
      const each = Math.ceil(read / scopes.length);
      await this.look(scopes, Math.min(Math.max(each, LOOK.fewestEach), LOOK.mostEach));
      open = open.filter(({ fromSeq, toSeq }) => fromSeq <= toSeq).sort(latestFirst);
    }
    return this.answer(open[0]?.newestAt);
  }

  /** Those that can still have a part in the page: all of them while it is not full. */
  private relevant(open: readonly OpenScope[]): readonly OpenScope[] {
    const last = this.hits[this.search.limit];
    return last === undefined ? open : open.filter(({ newestAt }) => newestAt + SKEW_MS >= last.at);
  }

  /** Whether nothing that was not looked at can come before the page's end, nor before the one after it. */
  private isFull(open: readonly OpenScope[]): boolean {
    const last = this.hits[this.search.limit];
    return last !== undefined && last.at > (open[0]?.newestAt ?? 0) + SKEW_MS;
  }

  private answer(horizon: number | undefined): { items: FoundMessage[]; nextCursor: string } {
    const { limit } = this.search;
    const sure = horizon === undefined ? this.hits : this.hits.filter(({ at }) => at > horizon);
    const page = sure.slice(0, limit);
    const items = page.map(({ found }) => found);
    if (sure.length > limit) return { items, nextCursor: cursorText(page.at(-1) as Hit) };
    if (horizon === undefined) return { items, nextCursor: '' };
    // The work was too much for one answer: the next one begins where this one ended.
    return { items, nextCursor: cursorText({ at: horizon, no: MAX_NO, seq: MAX_NO }) };
  }

  private async look(scopes: readonly OpenScope[], each: number): Promise<void> {
    await narrow(this.reader, scopes, { fromAt: this.search.fromAt, toAt: this.toAt });
    const inside = scopes.filter(({ fromSeq, toSeq }) => fromSeq <= toSeq);
    if (inside.length === 0) return;
    this.looks += 1;
    await breathe();
    const candidates = await this.index.find(
      this.wanted.terms,
      inside.map(({ conversation, fromSeq, toSeq }) => ({ conversationNo: conversation.no, fromSeq, toSeq })),
      each,
    );
    await breathe();
    await Promise.all(inside.map((scope, i) => this.take(scope, candidates[i] as Candidates)));
    this.hits.sort(inOrder);
  }

  private async take(scope: OpenScope, { seqs, reachedSeq }: Candidates): Promise<void> {
    const { no, conversationId } = scope.conversation;
    this.read += seqs.length;
    const [rows, hidden] = await Promise.all([
      this.reader.eventsAt(no, seqs),
      this.reader.hiddenSeqs(this.search.actorId, no, seqs),
    ]);
    for (const row of rows) {
      if (hidden.has(row.seq) || !this.isWanted(row)) continue;
      const snippet = snippetOf(textsOf(row), this.wanted.clauses);
      if (snippet !== undefined)
        this.hits.push({ at: row.at, no, seq: row.seq, found: { row, conversationId, snippet } });
    }
    scope.toSeq = reachedSeq - 1;
    if (scope.toSeq < scope.fromSeq) return;
    const reached = rows.find(({ seq }) => seq === reachedSeq)?.at;
    const times = reached === undefined ? await this.reader.timesAt([{ no, seq: reachedSeq }]) : undefined;
    scope.newestAt = Math.min(scope.newestAt, reached ?? times?.get(no) ?? scope.newestAt);
  }

  private isWanted(row: EventRow): boolean {
    const { senderId, type, fromAt, toAt } = this.search;
    const { after } = this.wanted;
    return (
      row.messageType !== '' &&
      row.recalledAt === 0 &&
      (senderId === '' || row.actorId === senderId) &&
      (type === '' || row.messageType === type) &&
      row.at >= fromAt &&
      (toAt === 0 || row.at <= toAt) &&
      (after === undefined || inOrder(after, { at: row.at, no: row.conversationNo, seq: row.seq }) < 0)
    );
  }
}

const latestFirst = (a: OpenScope, b: OpenScope) => b.newestAt - a.newestAt;
/** Beyond every number: a cursor with it stands before all messages of its moment. */
const MAX_NO = 36 ** 7 - 1;
