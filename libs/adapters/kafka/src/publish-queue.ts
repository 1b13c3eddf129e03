import type { LogRecord } from '@parley/contracts';
import { DomainError } from '@parley/kernel';
import type { PlacedRecord } from './record-sender.js';

/** A send holds at most this much of one partition: it becomes one batch, and brokers take 1 MB where nobody said otherwise. */
const MAX_PARTITION_BYTES = 900_000;
const MAX_SEND_BYTES = 8_000_000;
const MAX_SEND_RECORDS = 1000;
/** What waits beyond this is refused: a log that stands still must not fill the memory. */
const MAX_WAITING_BYTES = 64_000_000;
const RECORD_OVERHEAD = 100;
/** From the call to the rejection when Kafka takes nothing. */
const DEADLINE_MS = 9000;

export interface RecordTarget {
  /** Where records go; makes topics that are missing. */
  place(records: readonly LogRecord[]): Promise<PlacedRecord[]>;
  send(records: readonly PlacedRecord[], endAt: number): Promise<void>;
}

interface Publication {
  records: readonly LogRecord[];
  bytes: number;
  endAt: number;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * While one send is on its way, the next one gathers. ORDER: one send at a time, publications in the order they came; when one fails, those
 * that wait behind it fail with it, so that nothing newer overtakes what its publisher is going to repeat.
 */
export class PublishQueue {
  private waiting: Publication[] = [];
  private waitingBytes = 0;
  private running: Promise<void> | undefined;

  constructor(
    private readonly target: RecordTarget,
    private readonly deadlineMs = DEADLINE_MS,
  ) {}

  add(records: readonly LogRecord[]): Promise<void> {
    if (this.waitingBytes >= MAX_WAITING_BYTES)
      return Promise.reject(new DomainError('server.busy', 'unavailable', { retryAfterMs: 1000 }));
    let bytes = 0;
    for (const record of records) bytes += sizeOf(record);
    this.waitingBytes += bytes;
    return new Promise((resolve, reject) => {
      this.waiting.push({ records, bytes, endAt: performance.now() + this.deadlineMs, resolve, reject });
      this.running ??= this.run();
    });
  }

  async drained(): Promise<void> {
    await this.running;
  }

  private async run(): Promise<void> {
    // What is published in this turn of the event loop goes into the first send together.
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const group = this.take();
      try {
        const endAt = Math.min(...group.map((publication) => publication.endAt));
        const placed = await this.target.place(group.flatMap(({ records }) => records));
        for (const part of parts(placed)) await this.target.send(part, endAt);
        for (const publication of group) publication.resolve();
      } catch (error) {
        const behind = this.waiting;
        this.waiting = [];
        this.waitingBytes = 0;
        for (const publication of [...group, ...behind]) publication.reject(error);
      }
    }
    this.running = undefined;
  }

  private take(): Publication[] {
    let bytes = 0;
    let records = 0;
    let count = 0;
    for (const publication of this.waiting) {
      if (
        count > 0 &&
        (bytes + publication.bytes > MAX_SEND_BYTES || records + publication.records.length > MAX_SEND_RECORDS)
      )
        break;
      bytes += publication.bytes;
      records += publication.records.length;
      count += 1;
    }
    this.waitingBytes -= bytes;
    return this.waiting.splice(0, count);
  }
}

const sizeOf = ({ key, value }: { key: string; value: Uint8Array }) => key.length + value.length + RECORD_OVERHEAD;

/** ORDER: cut where the next record would make a batch too large; nothing of a partition goes before what came before it. */
function* parts(records: readonly PlacedRecord[]): Generator<readonly PlacedRecord[]> {
  let from = 0;
  let total = 0;
  let sizes = new Map<string, number>();
  for (const [index, { topic, partition, key, value }] of records.entries()) {
    const place = `${topic}/${partition}`;
    const bytes = key.length + value.length + RECORD_OVERHEAD;
    const size = (sizes.get(place) ?? 0) + bytes;
    total += bytes;
    const full = size > MAX_PARTITION_BYTES || total > MAX_SEND_BYTES || index - from >= MAX_SEND_RECORDS;
    if (full && index > from) {
      yield records.slice(from, index);
      from = index;
      total = bytes;
      sizes = new Map([[place, bytes]]);
    } else sizes.set(place, size);
  }
  if (from < records.length) yield from === 0 ? records : records.slice(from);
}
