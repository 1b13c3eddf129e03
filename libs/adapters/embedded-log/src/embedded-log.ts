import { EventLog, type LogRecord, type LogSubscription, type ReceivedRecord } from '@parley/contracts';
import { DomainError } from '@parley/kernel';
import { mkdirSync } from 'node:fs';
import { CommitQueue } from './commit-queue.js';
import { unpack } from './packing.js';
import type { StoreState } from './protocol.js';
import { StoreClient } from './store-client.js';
import { type RecordSource, Subscription } from './subscription.js';
import { PositionedRecord, TopicTail } from './topic-tail.js';

export interface EmbeddedLogOptions {
  /** Folder of the log's file. One process at a time. */
  directory: string;
  /** Records that every known group has passed are kept this long. Default 1 h. */
  retentionMs?: number;
  /** The same for topics that end in `.dlq`. Default 7 days. */
  deadLetterRetentionMs?: number;
  sweepMs?: number;
  /** Newest records per topic held for subscribers; older ones are read from disk again. Default 16 MiB. */
  tailBytes?: number;
  /** The log's thread has died: nothing can be published or recorded any more, and the process should end and start again. */
  onFailed?: (error: Error) => void;
}

const HOUR_MS = 3_600_000;
const PROGRESS_MS = 200;
const REPLAY_RECORDS = 500;

/**
 * The event log of the embedded profile: a durable SQLite file behind a thread.
 *
 *   publishBatch ─ queue ─▶ thread: one transaction per gathered batches ─ committed ─▶ tails ─▶ subscriptions ─ progress ─▶ thread
 *
 * Progress is recorded in batches, at most 200 ms late: after a crash, records of that time come again.
 */
export class EmbeddedLog extends EventLog implements RecordSource {
  private readonly tails = new Map<string, TopicTail>();
  private readonly subscriptions = new Map<string, Subscription>();
  /** Groups that were seen before, those without a live subscription as well: they still hold records back. */
  private readonly progress = new Map<string, { group: string; topic: string; next: number }>();
  private readonly unrecorded = new Set<string>();
  private readonly queue: CommitQueue;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private closing: Promise<void> | undefined;

  private constructor(
    private readonly store: StoreClient,
    state: StoreState,
    private readonly tailBytes: number,
  ) {
    super();
    for (const { topic, next } of state.heads) this.tails.set(topic, new TopicTail(topic, next, tailBytes));
    for (const entry of state.progress) this.progress.set(keyOf(entry), entry);
    this.queue = new CommitQueue(store, (topic, first, records) => this.committed(topic, first, records));
  }

  static async open(options: EmbeddedLogOptions): Promise<EmbeddedLog> {
    mkdirSync(options.directory, { recursive: true });
    const { store, state } = await StoreClient.open(
      {
        file: `${options.directory}/event-log.db`,
        retentionMs: options.retentionMs ?? HOUR_MS,
        deadLetterRetentionMs: options.deadLetterRetentionMs ?? 7 * 24 * HOUR_MS,
        sweepMs: options.sweepMs ?? 5000,
      },
      options.onFailed ?? (() => {}),
    );
    return new EmbeddedLog(store, state, options.tailBytes ?? 16 * 1024 * 1024);
  }

  publishBatch(records: readonly LogRecord[]): Promise<void> {
    if (this.closing !== undefined) return Promise.reject(closed());
    return records.length === 0 ? Promise.resolve() : this.queue.add(records);
  }

  async subscribe(spec: LogSubscription): Promise<void> {
    if (this.closing !== undefined) throw closed();
    const key = keyOf(spec);
    if (this.subscriptions.has(key)) throw new Error(`${spec.group} already consumes ${spec.topic}.`);
    const subscription = new Subscription(spec, 0, this);
    this.subscriptions.set(key, subscription);
    try {
      subscription.position = await this.store.join(spec.group, spec.topic);
    } catch (error) {
      this.subscriptions.delete(key);
      throw error;
    }
    this.progress.set(key, { group: spec.group, topic: spec.topic, next: subscription.position });
    subscription.start();
  }

  async lag(): Promise<{ group: string; topic: string; records: number }[]> {
    return [...this.progress.values()].map(({ group, topic, next }) => ({
      group,
      topic,
      records: Math.max(0, this.tailOf(topic).head - next),
    }));
  }

  async replay(topic: string, take: (records: ReceivedRecord[]) => Promise<void>): Promise<void> {
    const end = this.tailOf(topic).head;
    for (let position = 0; position < end; ) {
      const rows = await this.store.read(topic, position, REPLAY_RECORDS);
      const records = rows.flatMap((row) =>
        unpack(row.body).map(({ key, value }, index) => new PositionedRecord(topic, key, value, row.first + index)),
      );
      const last = rows.at(-1);
      if (last === undefined) return;
      position = last.first + last.count;
      await take(records);
    }
  }

  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  fetch(topic: string, position: number, max: number): ReceivedRecord[] | Promise<ReceivedRecord[]> {
    const tail = this.tailOf(topic);
    if (position >= tail.head) return [];
    const near = tail.from(position, max);
    return near.length > 0 ? near : this.readBack(topic, position, max);
  }

  passed(subscription: Subscription): void {
    const key = keyOf(subscription.spec);
    const entry = this.progress.get(key);
    if (entry !== undefined) entry.next = subscription.position;
    this.unrecorded.add(key);
    this.timer ??= setTimeout(() => void this.recordProgress().catch(() => undefined), PROGRESS_MS);
    const { topic } = subscription.spec;
    let slowest = subscription.position;
    for (const other of this.subscriptions.values())
      if (other.spec.topic === topic && other.position < slowest) slowest = other.position;
    this.tailOf(topic).forget(slowest);
  }

  private committed(topic: string, first: number, records: readonly LogRecord[]): void {
    const waiting = [...this.subscriptions.values()].filter((subscription) => subscription.spec.topic === topic);
    this.tailOf(topic).push(first, records, waiting.length > 0);
    for (const subscription of waiting) subscription.signal();
  }

  private async readBack(topic: string, position: number, max: number): Promise<ReceivedRecord[]> {
    const found: ReceivedRecord[] = [];
    for (const row of await this.store.read(topic, position, max)) {
      for (const [index, { key, value }] of unpack(row.body).entries()) {
        if (row.first + index < position || found.length >= max) continue;
        found.push(new PositionedRecord(topic, key, value, row.first + index));
      }
    }
    return found;
  }

  private async recordProgress(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const keys = [...this.unrecorded];
    this.unrecorded.clear();
    const entries = keys.flatMap((key) => this.progress.get(key) ?? []);
    if (entries.length > 0) await this.store.record(entries.map((entry) => ({ ...entry })));
  }

  private async shutDown(): Promise<void> {
    await this.queue.drained();
    await Promise.all([...this.subscriptions.values()].map((subscription) => subscription.stop()));
    await this.recordProgress().catch(() => undefined);
    await this.store.close();
  }

  private tailOf(topic: string): TopicTail {
    let tail = this.tails.get(topic);
    if (tail === undefined) {
      tail = new TopicTail(topic, 0, this.tailBytes);
      this.tails.set(topic, tail);
    }
    return tail;
  }
}

const keyOf = ({ group, topic }: { group: string; topic: string }) => `${group} ${topic}`;
const closed = () => new DomainError('server.unavailable', 'unavailable', { message: 'The event log is closed.' });
