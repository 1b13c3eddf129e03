import { entryOf } from '../domain/search/searchable.js';
import type { LogReader } from '../ports/log-reader.js';
import type { IndexedPart, MessageSearchIndex } from '../ports/message-search-index.js';
import type { IndexedEvent, SearchSource } from '../ports/search-source.js';

/** Events of one read, and terms of one transaction where it is not said: on an embedded store neither may hold others up. */
const READ = 200;
const TERMS = 2500;
/** Mostly a conversation has no more new ones than these, and many are read at once. */
const FIRST_READ = 4;
const READ_TOGETHER = READ / FIRST_READ;
const CONVERSATIONS = 200;
const SWEEP_PAGE = 500;

interface Part extends IndexedPart {
  entries: Map<number, readonly string[]>;
}

/**
 * Brings the index up to the log. It reads the log's own rows, from where the index says that it is: a message that was edited or
 * recalled meanwhile is taken as it is now, nothing has to be kept for it, and a lost index is made again by the same steps.
 * Several processes may do this at once: of two that read the same part, one is told that it does not follow any more.
 */
export class IndexMessages {
  constructor(
    private readonly reader: LogReader,
    private readonly source: SearchSource,
    private readonly index: MessageSearchIndex,
    /** Of one transaction, about. */
    private readonly termsAtOnce = TERMS,
  ) {}

  /** What these conversations have new. @param rest called between transactions. */
  async conversations(conversationIds: readonly string[], rest: () => Promise<void>): Promise<void> {
    for (let i = 0; i < conversationIds.length; i += CONVERSATIONS)
      await this.bringUp(await this.source.numbersOf(conversationIds.slice(i, i + CONVERSATIONS)), rest);
  }

  /** All conversations whose index is not at their head, or not of this log. @param watch told how many are left to look at. */
  async all(rest: () => Promise<void>, watch: (done: number) => void): Promise<void> {
    for (let after = 0, done = 0; ; ) {
      const heads = await this.source.heads(after, SWEEP_PAGE);
      if (heads.length === 0) return;
      await this.bringUp(await this.behind(heads), rest);
      after = heads.at(-1)?.no ?? after;
      done += heads.length;
      watch(done);
      await rest();
    }
  }

  private async behind(heads: readonly { no: number; headSeq: number }[]): Promise<number[]> {
    const known = await this.index.progress(heads.map(({ no }) => no));
    const times = await this.reader.timesAt([...known].map(([no, { seq }]) => ({ no, seq })));
    return heads
      .filter(({ no, headSeq }) => (known.get(no)?.seq ?? 0) !== headSeq || known.get(no)?.at !== times.get(no))
      .map(({ no }) => no);
  }

  private async bringUp(conversationNos: readonly number[], rest: () => Promise<void>): Promise<void> {
    const known = await this.index.progress(conversationNos);
    let parts: Part[] = [];
    let terms = 0;
    const flush = async () => {
      if (parts.length === 0) return;
      await this.index.apply(parts);
      parts = [];
      terms = 0;
      await rest();
    };
    const take = async (no: number, from: number, rows: readonly IndexedEvent[]): Promise<number> => {
      const read = await this.partOf(no, from, rows);
      const before = parts.at(-1);
      if (before?.conversationNo === no) merged(before, read);
      else parts.push(read);
      for (const entry of read.entries.values()) terms += entry.length;
      if (terms > this.termsAtOnce || parts.length >= CONVERSATIONS) await flush();
      return read.progress.seq;
    };
    for (let i = 0; i < conversationNos.length; i += READ_TOGETHER) {
      // From the event on that was indexed last: an index of a history that was undone has another one there, or none.
      const places = conversationNos.slice(i, i + READ_TOGETHER).map((no) => {
        const seq = known.get(no)?.seq ?? 0;
        return { no, afterSeq: Math.max(seq - 1, 0), toSeq: seq + FIRST_READ };
      });
      const read = Map.groupBy(await this.source.events(places), ({ conversationNo }) => conversationNo);
      for (const { no, toSeq } of places) {
        const last = known.get(no);
        let rows = read.get(no) ?? [];
        let [from, to] = [last?.seq ?? 0, toSeq];
        if (last !== undefined && rows.find(({ seq }) => seq === last.seq)?.at !== last.at) {
          await this.index.forget(no);
          [from, to] = [0, READ];
          rows = await this.source.events([{ no, afterSeq: from, toSeq: to }]);
        }
        rows = rows.filter(({ seq }) => seq > from);
        // Seqs have no holes: fewer than were asked for are all.
        while (rows.length > 0) {
          from = await take(no, from, rows);
          const [end, taken] = [rows.at(-1)?.seq, from];
          rows = rows.filter(({ seq }) => seq > taken);
          if (rows.length > 0) continue;
          if (end !== to) break;
          to = from + READ;
          rows = await this.source.events([{ no, afterSeq: from, toSeq: to }]);
        }
      }
    }
    await flush();
  }

  /** As many of the rows as fit one transaction. Messages are taken as they are now, not as they were at the event. */
  private async partOf(no: number, afterSeq: number, rows: readonly IndexedEvent[]): Promise<Part> {
    const here = new Map<number, IndexedEvent>(rows.map((row) => [row.seq, row]));
    const missing = new Set(rows.filter(({ type, refSeq }) => CHANGES.has(type) && !here.has(refSeq)).map(refSeqOf));
    for (const row of await this.reader.eventsAt(no, [...missing])) here.set(row.seq, row);
    const part: Part = { conversationNo: no, afterSeq, progress: { seq: afterSeq, at: 0 }, entries: new Map() };
    for (let i = 0, terms = 0; i < rows.length && terms <= this.termsAtOnce; i += 1) {
      const row = rows[i] as IndexedEvent;
      const message = CHANGES.has(row.type) ? here.get(row.refSeq) : row;
      if (message !== undefined && message.messageType !== '') {
        const entry = entryOf(message);
        part.entries.set(message.seq, entry);
        terms += entry.length;
      }
      part.progress = { seq: row.seq, at: row.at };
    }
    return part;
  }
}

const refSeqOf = ({ refSeq }: IndexedEvent): number => refSeq;
const CHANGES: ReadonlySet<string> = new Set(['message.edited', 'message.recalled']);

function merged(into: Part, next: Part): Part {
  for (const [seq, entry] of next.entries) into.entries.set(seq, entry);
  into.progress = next.progress;
  return into;
}
