import type { Lease, SqlDatabase } from '@parley/adapter-sql';
import type { EventRow } from '@parley/core-message';
import { type AppendedRange, appendedRange } from '../appended.js';
import type { Unpublished } from '../commit-runner.js';
import { conversationOf, eventOf, type SqlConversation, type SqlEvent } from '../rows.js';
import { eventsBy } from './selects.js';
import { NOW_MS } from './sql-text.js';

interface OutboxRow {
  writer_slot: number;
  commit_no: number;
  ranges: string;
}

type Range = [no: number, from: number, to: number, slot?: number, commitNo?: number];

export const SLOTS = 16;
/** A commit that lies for so long has lost its process, or that process cannot reach the event log. */
export const ABANDONED_MS = 2000;
/** One process publishes what others left; when it is silent for so long, another one follows. Saves repeats, nothing rests on it. */
const SWEEPER = { name: 'message-outbox', ttlMs: 5000 };
/** Events in one answer: memory stays bounded however large commits are. */
const MAX_EVENTS = 5000;

/** A place as one number. Commit numbers stay below 2^49. */
export function outboxIdOf(slot: number, commitNo: number): number {
  return commitNo * SLOTS + slot;
}

export function deletionOf(outboxIds: readonly number[]): string {
  if (outboxIds.length === 0) return '';
  const bySlot = Map.groupBy(outboxIds, (id) => id % SLOTS);
  const places = [...bySlot].map(
    ([slot, ids]) => `writer_slot = ${slot} AND commit_no IN (${ids.map((id) => Math.floor(id / SLOTS)).join()})`,
  );
  return `DELETE FROM outbox WHERE ${places.join(' OR ')}`;
}

/** Commits that wait to be published, of all writers. */
export class MysqlOutbox {
  private sweeping: Lease | undefined;

  constructor(private readonly database: SqlDatabase) {}

  /** One statement, so it needs no transaction. A repeat does nothing. */
  async drop(outboxIds: readonly number[]): Promise<void> {
    if (outboxIds.length > 0) await this.database.read.query(deletionOf(outboxIds));
  }

  async oldest(): Promise<ReadonlyMap<number, number>> {
    const rows = await this.all<OutboxRow>(
      'SELECT writer_slot, MIN(commit_no) AS commit_no FROM outbox GROUP BY writer_slot',
    );
    return new Map(rows.map((row) => [row.writer_slot, row.commit_no]));
  }

  rowsOf(slot: number, limit: number): Promise<OutboxRow[]> {
    return this.all<OutboxRow>(
      `SELECT writer_slot, commit_no, ranges FROM outbox WHERE writer_slot = ${slot} ORDER BY commit_no LIMIT ${limit}`,
    );
  }

  /** @param own the caller's slot, which it publishes itself. */
  async abandoned(own: number, limit: number): Promise<(Unpublished & { slot: number })[]> {
    const found: OutboxRow[] = [];
    for (const [slot, commitNo] of await this.oldest()) {
      if (slot === own) continue;
      const rows = await this.all<OutboxRow & { is_old: number }>(
        `SELECT writer_slot, commit_no, ranges, at < ${NOW_MS} - ${ABANDONED_MS} AS is_old FROM outbox
        WHERE writer_slot = ${slot} AND commit_no >= ${commitNo} ORDER BY commit_no LIMIT ${limit}`,
      );
      // ORDER: up to the first that is young, whatever the server's clock did in between.
      const young = rows.findIndex((row) => row.is_old === 0);
      found.push(...rows.slice(0, young === -1 ? rows.length : young));
    }
    if (found.length === 0 || !(await this.takeTurn())) return [];
    const read = await this.read(found.slice(0, limit));
    return read.map((row) => ({ ...row, slot: row.outboxId % SLOTS }));
  }

  /** The events of outbox rows, in their order; of the first rows only where all are too many. */
  async read(rows: readonly OutboxRow[]): Promise<Unpublished[]> {
    const taken: { outboxId: number; ranges: Range[] }[] = [];
    let size = 0;
    for (const row of rows) {
      const ranges = JSON.parse(row.ranges) as Range[];
      size += ranges.reduce((sum, [, from, to]) => sum + to - from + 1, 0);
      if (size > MAX_EVENTS && taken.length > 0) break;
      taken.push({ outboxId: outboxIdOf(row.writer_slot, row.commit_no), ranges });
    }
    const ranges = taken.flatMap((row) => row.ranges);
    const conversations = await this.conversations(ranges.map(([no]) => no));
    const events = await this.events(ranges.flatMap(([no, from, to]) => spots(no, from, to)));
    const subjects = await this.events(
      [...events.values()].flatMap((e) => (isAboutMessage(e) ? [[e.conversationNo, e.refSeq] as const] : [])),
    );
    const at = (no: number, seq: number) => events.get(`${no}/${seq}`) ?? subjects.get(`${no}/${seq}`);
    return taken.map((row) => ({
      outboxId: row.outboxId,
      appended: row.ranges.flatMap(([no, from, to, slot, commitNo]): AppendedRange[] => {
        const conversation = conversations.get(no);
        if (conversation === undefined) return [];
        const found = spots(no, from, to).flatMap(([, seq]) => events.get(`${no}/${seq}`) ?? []);
        const range = appendedRange(conversationOf(conversation), found, (seq) => at(no, seq));
        return [slot === undefined || commitNo === undefined ? range : { ...range, after: { slot, commitNo } }];
      }),
    }));
  }

  private async conversations(nos: readonly number[]): Promise<Map<number, SqlConversation>> {
    if (nos.length === 0) return new Map();
    const rows = await this.all<SqlConversation>(
      `SELECT * FROM conversations WHERE no IN (${[...new Set(nos)].join()})`,
    );
    return new Map(rows.map((row) => [row.no, row]));
  }

  private async events(keys: readonly (readonly [number, number])[]): Promise<Map<string, EventRow>> {
    if (keys.length === 0) return new Map();
    const rows = (await this.all<SqlEvent>(eventsBy(keys))).map(eventOf);
    return new Map(rows.map((row) => [`${row.conversationNo}/${row.seq}`, row]));
  }

  /** So that a process that cannot publish does not keep those from it that can. */
  async endTurn(): Promise<void> {
    await this.sweeping?.release();
    this.sweeping = undefined;
  }

  private async takeTurn(): Promise<boolean> {
    if (this.sweeping?.isHeld() === true && (await this.sweeping.renew())) return true;
    this.sweeping = await this.database.leases.tryTake(SWEEPER.name, SWEEPER.ttlMs);
    return this.sweeping !== undefined;
  }

  private all<T>(sql: string): Promise<T[]> {
    return this.database.read.query<T[]>(sql);
  }
}

function spots(no: number, from: number, to: number): [number, number][] {
  return Array.from({ length: to - from + 1 }, (_, i) => [no, from + i]);
}

function isAboutMessage(event: EventRow): boolean {
  return event.messageType === '' && event.refSeq !== 0;
}
