import type { ConversationEvent } from '../api.js';
import { changedRow, subjectOf } from '../store/message-changes.js';
import type { Range } from '../store/ranges.js';
import type { Row, TimelinePatch } from '../store/shapes.js';
import type { TimelineItem } from '../types.js';

/**
 * The part of a timeline that a window shows: all rows between `from` and `to`, sorted, and for each the item made of it.
 * A change costs a search and, for the snapshot, one copy of the list of references.
 */
export class Slice {
  from: number;
  to: number;
  #rows: Row[];
  #items: TimelineItem[];

  constructor(
    [from, to]: Range,
    rows: readonly Row[],
    private readonly itemOf: (row: Row) => TimelineItem,
    private readonly me: string,
  ) {
    this.from = from;
    this.to = to;
    this.#rows = [...rows];
    this.#items = rows.map(itemOf);
  }

  get snapshot(): TimelineItem[] {
    return this.#items.slice();
  }

  get length(): number {
    return this.#rows.length;
  }

  /** Older ones, which end where this begins. */
  prepend(from: number, rows: readonly Row[]): void {
    this.from = from;
    this.#rows = [...rows, ...this.#rows];
    this.#items = [...rows.map(this.itemOf), ...this.#items];
  }

  /** Newer ones, which begin where this ends. */
  append(to: number, rows: readonly Row[]): void {
    for (const row of rows)
      if (row.seq > this.to) {
        this.#rows.push(row);
        this.#items.push(this.itemOf(row));
      }
    this.to = to;
  }

  /** Forgets the oldest, so that `keep` rows stay. */
  trim(keep: number): void {
    const surplus = this.#rows.length - keep;
    if (surplus <= 0) return;
    this.#rows.splice(0, surplus);
    this.#items.splice(0, surplus);
    this.from = (this.#rows[0] as Row).seq;
  }

  /** What a patch changes of rows that are here. Answers whether anything was. */
  take({ rows = [], changes = [], hidden = [] }: TimelinePatch): boolean {
    let touched = false;
    for (const row of rows) if (this.replace(row)) touched = true;
    for (const event of changes) if (this.#change(event)) touched = true;
    for (const { seq } of hidden) if (this.#remove(seq)) touched = true;
    return touched;
  }

  /** A row that is here already, in another state. */
  replace(row: Row): boolean {
    const at = this.#placeOf(row.seq);
    const known = this.#rows[at];
    if (known?.seq !== row.seq || known.changedSeq >= row.changedSeq) return false;
    this.#put(at, row);
    return true;
  }

  /** Makes the item of a message anew. */
  refresh(messageId: string): boolean {
    const at = this.#rows.findLastIndex((row) => row.message?.messageId === messageId);
    if (at >= 0) this.#put(at, this.#rows[at] as Row);
    return at >= 0;
  }

  find(fits: (row: Row) => boolean): Row | undefined {
    return this.#rows.findLast(fits);
  }

  /** The item at a seq, or next after it. */
  itemFrom(seq: number, fits: (row: Row) => boolean = () => true): TimelineItem | undefined {
    for (let at = this.#placeOf(seq); at < this.#rows.length; at++)
      if (fits(this.#rows[at] as Row)) return this.#items[at];
    return undefined;
  }

  #change(event: ConversationEvent): boolean {
    const at = this.#placeOf(subjectOf(event));
    const known = this.#rows[at];
    if (known?.seq !== subjectOf(event)) return false;
    const next = changedRow(known, event, this.me);
    if (next === known) return false;
    this.#put(at, next);
    return true;
  }

  #remove(seq: number): boolean {
    const at = this.#placeOf(seq);
    if (this.#rows[at]?.seq !== seq) return false;
    this.#rows.splice(at, 1);
    this.#items.splice(at, 1);
    return true;
  }

  #put(at: number, row: Row): void {
    this.#rows[at] = row;
    this.#items[at] = this.itemOf(row);
  }

  #placeOf(seq: number): number {
    let [low, high] = [0, this.#rows.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#rows[middle] as Row).seq < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
