import type { LogRecord } from '@parley/contracts';
import { DomainError } from '@parley/kernel';
import { pack } from './packing.js';
import type { StoreClient } from './store-client.js';

/** One transaction takes about this many records; what is beyond waits for the next. */
const MAX_RECORDS = 2000;
/** Waiting records beyond this are refused: a disk that stands still must not fill the memory. */
const MAX_WAITING = 100_000;

interface Publication {
  records: readonly LogRecord[];
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * Group commit: while one transaction is on its way to the disk, the next one gathers. ORDER: one transaction at a time, publications
 * in the order they came; each topic of a transaction becomes one row.
 */
export class CommitQueue {
  private waiting: Publication[] = [];
  private waitingRecords = 0;
  private running: Promise<void> | undefined;

  constructor(
    private readonly store: StoreClient,
    /** Told after the commit and before the publishers, topic by topic. */
    private readonly onCommitted: (topic: string, first: number, records: readonly LogRecord[]) => void,
  ) {}

  add(records: readonly LogRecord[]): Promise<void> {
    if (this.waitingRecords >= MAX_WAITING)
      return Promise.reject(new DomainError('server.busy', 'unavailable', { retryAfterMs: 1000 }));
    this.waitingRecords += records.length;
    return new Promise((resolve, reject) => {
      this.waiting.push({ records, resolve, reject });
      this.running ??= this.run();
    });
  }

  /** Resolves when nothing waits. */
  async drained(): Promise<void> {
    await this.running;
  }

  private async run(): Promise<void> {
    // What is published in this turn of the event loop goes into the first transaction together.
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const group = this.take();
      const topics = byTopic(group);
      try {
        const firsts = await this.store.append(
          topics.map(([topic, records]) => ({ topic, count: records.length, body: pack(records) })),
        );
        for (const [index, [topic, records]] of topics.entries())
          this.onCommitted(topic, firsts[index] as number, records);
        for (const publication of group) publication.resolve();
      } catch (error) {
        for (const publication of group) publication.reject(error);
      }
    }
    this.running = undefined;
  }

  private take(): Publication[] {
    let records = 0;
    let count = 0;
    for (const publication of this.waiting) {
      if (count > 0 && records + publication.records.length > MAX_RECORDS) break;
      records += publication.records.length;
      count += 1;
    }
    this.waitingRecords -= records;
    return this.waiting.splice(0, count);
  }
}

function byTopic(group: readonly Publication[]): [string, readonly LogRecord[]][] {
  const topics = new Map<string, LogRecord[]>();
  for (const { records } of group)
    for (const record of records) {
      const same = topics.get(record.topic);
      if (same === undefined) topics.set(record.topic, [record]);
      else same.push(record);
    }
  return [...topics];
}
