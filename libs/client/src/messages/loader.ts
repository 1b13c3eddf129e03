import type { Tabs } from '../ports.js';
import { type Range, rangeAt } from '../store/ranges.js';
import type { Replica } from '../store/replica.js';
import type { ConversationRecord, Row, TimelinePatch } from '../store/shapes.js';
import { findRow, readRows } from '../store/timeline-table.js';

/** Lines that one step of a window brings, about. */
export const STEP = 50;
/** Fewer than so many visible lines in a page: one more page. */
const ENOUGH = 15;
const PAGES = 8;

export interface Loaded {
  range: Range;
  rows: readonly Row[];
}

/** The first seq that I may read. */
export const floorOf = (record: ConversationRecord) =>
  record.state.historyBeforeJoin ? 1 : Math.max(1, record.state.joinedSeq);

/** Rows for windows: from the storage where they are all there, else from the server, by way of the leader, who stores them. */
export class Loader {
  constructor(
    private readonly replica: Replica,
    private readonly tabs: Tabs,
  ) {}

  /** Waits for the conversation to be known; asks for it where it is not. */
  async known(conversationId: string): Promise<void> {
    await this.replica.ready;
    if (!this.replica.records.has(conversationId)) await this.tabs.ask('refresh', conversationId);
  }

  async latest(record: ConversationRecord): Promise<Loaded> {
    const newest = record.ranges.at(-1);
    const { seq } = record.head;
    if (newest !== undefined && newest[1] === seq) {
      const stored = await this.stored(record.conversationId, newest, STEP);
      if (stored.rows.length >= ENOUGH || stored.range[0] <= floorOf(record)) return stored;
      const older = await this.older(record.conversationId, stored.range[0]);
      return { range: [older.range[0], stored.range[1]], rows: [...older.rows, ...stored.rows] };
    }
    return this.older(record.conversationId, seq + 1);
  }

  /** What lies before a seq, down to enough lines or the beginning. */
  older(conversationId: string, before: number): Promise<Loaded> {
    return this.#collect(conversationId, before, -1);
  }

  newer(conversationId: string, after: number): Promise<Loaded> {
    return this.#collect(conversationId, after, 1);
  }

  async around(conversationId: string, seq: number): Promise<Loaded> {
    const record = this.#recordOf(conversationId);
    const wanted: Range = [
      Math.max(floorOf(record), seq - STEP / 2),
      Math.min(record.head.seq, Math.max(seq, seq + STEP / 2)),
    ];
    return this.#part(conversationId, wanted);
  }

  find(conversationId: string, messageId: string): Promise<Row | undefined> {
    return this.replica.read((tx) => findRow(tx, conversationId, messageId));
  }

  async #collect(conversationId: string, from: number, direction: 1 | -1): Promise<Loaded> {
    let rows: readonly Row[] = [];
    let [low, high] = direction < 0 ? [from, from - 1] : [from + 1, from];
    for (let page = 0; page < PAGES && rows.length < ENOUGH; page++) {
      const record = this.#recordOf(conversationId);
      const wanted: Range =
        direction < 0
          ? [Math.max(floorOf(record), low - STEP), low - 1]
          : [high + 1, Math.min(record.head.seq, high + STEP)];
      if (wanted[1] < wanted[0]) break;
      const part = await this.#step(record, wanted, direction);
      if (direction < 0) [rows, low] = [[...part.rows, ...rows], part.range[0]];
      else [rows, high] = [[...rows, ...part.rows], part.range[1]];
    }
    return { range: [low, high], rows };
  }

  /** As many lines as one step wants where they are stored, the next page of the log where not. */
  #step(record: ConversationRecord, wanted: Range, direction: 1 | -1): Promise<Loaded> {
    const edge = direction < 0 ? wanted[1] : wanted[0];
    const range = rangeAt(record.ranges, edge);
    if (range === undefined) return this.#part(record.conversationId, wanted);
    return direction < 0
      ? this.stored(record.conversationId, [range[0], edge], STEP)
      : this.#part(record.conversationId, [edge, Math.min(range[1], wanted[1])]);
  }

  async #part(conversationId: string, wanted: Range): Promise<Loaded> {
    const record = this.#recordOf(conversationId);
    const range = rangeAt(record.ranges, wanted[0]);
    if (range !== undefined && range[1] >= wanted[1]) return this.stored(conversationId, wanted);
    const page = await this.tabs.ask<TimelinePatch | undefined>('page', {
      conversationId,
      afterSeq: wanted[0] - 1,
      to: wanted[1],
    });
    if (page?.cover === undefined) throw new TimelineGone();
    return { range: page.cover, rows: page.rows ?? [] };
  }

  async stored(conversationId: string, range: Range, limit?: number): Promise<Loaded> {
    const rows = await this.replica.read((tx) => readRows(tx, conversationId, range, limit));
    const whole = limit === undefined || rows.length < limit;
    return { range: whole ? range : [(rows[0] as Row).seq, range[1]], rows };
  }

  #recordOf(conversationId: string): ConversationRecord {
    const record = this.replica.records.get(conversationId);
    if (record === undefined) throw new TimelineGone();
    return record;
  }
}

/** Reset or removed while it was read: the window begins anew, if there is anything to begin with. */
export class TimelineGone extends Error {}
