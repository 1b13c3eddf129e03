import {
  isConflict,
  isConnectionLost,
  isUniqueViolation,
  type MysqlAddress,
  type SqlDatabase,
} from '@parley/adapter-sql';
import { applyChanges, type LogChange, type MessageWindows } from '@parley/core-message';
import { Mutex } from 'async-mutex';
import { setTimeout as sleep } from 'node:timers/promises';
import { appendedRanges, type Place } from '../appended.js';
import {
  type Committed,
  type CommitRunner,
  type SharedOutbox,
  type Unpublished,
  wireOutcome,
} from '../commit-runner.js';
import { KnownConversations, type StoredConversation } from './known-conversations.js';
import { type Loaded, MysqlLoader } from './mysql-loader.js';
import { deletionOf, MysqlOutbox, outboxIdOf } from './mysql-outbox.js';
import { type Claim, lost, MysqlWriter } from './mysql-writer.js';
import { withoutPoison } from './poison.js';
import { writesOf } from './writes.js';

export interface MysqlEngineOptions {
  /** For what needs no transaction of the writer. */
  database: SqlDatabase;
  address: MysqlAddress;
  /** Name of that database. */
  name: string;
  windows: MessageWindows;
}

/** A batch whose last attempt would begin later is answered as unavailable. */
const BUDGET_MS = 5000;
const PAUSE_MS = { first: 5, most: 500 };

/** A commit whose answer has not come: it may be there or not. */
interface Doubt {
  place?: Place;
  answer?: Committed;
}

interface Prepared {
  loaded: Loaded;
  here: Place;
  answer: Committed;
  /** The last one commits. */
  packets: string[];
}

/**
 * The group-commit writer on MySQL and MariaDB: one transaction for a batch, several such writers on one schema. ORDER: commits to
 * one conversation follow each other by the lock of its row. DEDUPE: sends by the unique key of their hash, facts by their id.
 */
export class MysqlCommitEngine implements CommitRunner {
  /** Every commit is also a round trip to Kafka and to each service behind it. */
  readonly paceMs = 16;
  readonly shared: SharedOutbox;
  private readonly turn = new Mutex();
  private readonly known = new KnownConversations();
  private readonly writer: MysqlWriter;
  private readonly outbox: MysqlOutbox;
  private readonly windows: MessageWindows;
  private own: Claim | undefined;
  private onClaim: () => void = () => undefined;

  constructor({ database, address, name, windows }: MysqlEngineOptions) {
    this.windows = windows;
    this.outbox = new MysqlOutbox(database);
    this.writer = new MysqlWriter(address, name, (claim) => this.connected(claim));
    this.shared = {
      oldest: () => this.outbox.oldest(),
      abandoned: (limit) => this.outbox.abandoned(this.own?.slot ?? -1, limit),
      endTurn: () => this.outbox.endTurn(),
      onClaim: (listener) => {
        this.onClaim = listener;
      },
    };
  }

  async commit(changes: readonly LogChange[], published: readonly number[], now: number): Promise<Committed> {
    if (changes.length === 0) {
      await this.outbox.drop(published);
      return { outcomes: [], appended: [], outboxId: 0 };
    }
    const write = (some: readonly LogChange[]) => {
      const doubt: Doubt = {};
      return this.persist(() => this.write(some, published, now, doubt));
    };
    const probe = (some: readonly LogChange[]) => this.persist(() => this.probe(some, now));
    return this.turn.runExclusive(() => withoutPoison(changes, write, probe));
  }

  /** In the writer's turn, so that no commit of its own is in the store and not answered yet. */
  async unpublished(limit: number): Promise<Unpublished[]> {
    const rows = await this.turn.runExclusive(async () => {
      const { slot } = await this.persist(() => this.writer.connect());
      return this.outbox.rowsOf(slot, limit);
    });
    return this.outbox.read(rows);
  }

  async close(): Promise<void> {
    await this.turn.runExclusive(() => this.writer.close());
  }

  private connected(claim: Claim): void {
    this.known.clear();
    const isNew = this.own?.slot !== claim.slot || this.own.since !== claim.since;
    this.own = claim;
    if (isNew) this.onClaim();
  }

  /** Repeats what lost against another writer, or lost its connection. */
  private async persist<T>(attempt: () => Promise<T>): Promise<T> {
    const lastStart = performance.now() + BUDGET_MS;
    for (let pause = PAUSE_MS.first; ; pause = Math.min(pause * 2, PAUSE_MS.most)) {
      try {
        return await attempt();
      } catch (error) {
        await this.undo(error);
        const isPassing = isConflict(error) || isUniqueViolation(error) || isConnectionLost(error);
        if (!isPassing || performance.now() > lastStart) throw error;
      }
      await sleep(pause * (0.5 + Math.random()));
    }
  }

  private async undo(error: unknown): Promise<void> {
    try {
      if (isConnectionLost(error)) this.writer.disconnect();
      else await this.writer.query('ROLLBACK');
    } catch {
      this.writer.disconnect();
    }
  }

  private async write(
    changes: readonly LogChange[],
    published: readonly number[],
    now: number,
    doubt: Doubt,
  ): Promise<Committed> {
    const claim = await this.writer.connect();
    // The slot's row was locked meanwhile, so whatever the server still did for us is over: only this writer commits in its slot,
    // one after the other. Where it lost its slot as well, the repeat is told by its keys.
    const { place, answer: doubted } = doubt;
    if (doubted !== undefined && place?.slot === claim.slot && place.commitNo === claim.commitNo) return doubted;
    const { loaded, here, answer, packets } = await this.prepare(changes, published, now);
    for (const packet of packets.slice(0, -1)) await this.writer.query(packet);
    Object.assign(doubt, { place: here, answer });
    await this.writer.query(packets.at(-1) as string);
    this.remember(loaded, here);
    return answer;
  }

  /** Does everything but commit. */
  private async probe(changes: readonly LogChange[], now: number): Promise<void> {
    await this.writer.connect();
    const { packets } = await this.prepare(changes, [], now);
    for (const packet of packets) await this.writer.query(packet.replace(/COMMIT$/, 'DO 0'));
    await this.writer.query('ROLLBACK');
  }

  private async prepare(changes: readonly LogChange[], published: readonly number[], now: number): Promise<Prepared> {
    const query = (sql: string) => this.writer.query(sql);
    const loaded = await new MysqlLoader(query, this.known, changes).load(this.writer.opening);
    const { set, commitNo, writtenBy } = loaded;
    // Somebody took the slot, because nothing was written in it for long. The next connection finds another one.
    if (commitNo === undefined || this.own === undefined) throw lost();
    const here = { slot: this.own.slot, commitNo };
    const outcomes = applyChanges(set, changes, now, this.windows).map(wireOutcome);
    const afterOf = (no: number) => this.foreign(writtenBy.get(no));
    const appended = appendedRanges(set).map((range) => {
      const after = afterOf(set.conversations.get(range.conversationId)?.no ?? 0);
      return after === undefined ? range : { ...range, after };
    });
    const outboxId = set.newEvents.length === 0 ? 0 : outboxIdOf(here.slot, commitNo);
    const packets = writesOf(set, here, afterOf, deletionOf(published));
    return { loaded, here, packets, answer: { outcomes, appended, outboxId } };
  }

  private remember({ set, writtenBy }: Loaded, here: Place): void {
    const members = Map.groupBy(set.allMembers(), (row) => row.conversationNo);
    const written = set.countedConversations.union(set.decidedConversations);
    for (const row of set.conversations.values()) {
      const last = written.has(row) ? here : writtenBy.get(row.no);
      if (last !== undefined) this.known.note(row as StoredConversation, last, members.get(row.no) ?? []);
    }
  }

  /** The commit before, where this writer did not make it. */
  private foreign(writtenBy: Place | undefined): Place | undefined {
    if (writtenBy === undefined || writtenBy.slot === -1 || this.own === undefined) return undefined;
    return writtenBy.slot === this.own.slot && writtenBy.commitNo > this.own.since ? undefined : writtenBy;
  }
}
