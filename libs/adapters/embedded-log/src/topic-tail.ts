import type { LogRecord, ReceivedRecord } from '@parley/contracts';

/** A record as subscribers see it. The offset's text is made only when somebody looks at it. */
export class PositionedRecord implements ReceivedRecord {
  constructor(
    readonly topic: string,
    readonly key: string,
    readonly value: Uint8Array,
    private readonly position: number,
  ) {}

  get offset(): string {
    return String(this.position);
  }
}

interface Chunk {
  first: number;
  records: PositionedRecord[];
  bytes: number;
}

/**
 * The newest records of one topic, kept in memory while a subscriber has yet to see them and while they fit: consumers that keep up
 * never read the disk, one that falls behind costs no more memory than `maxBytes`.
 */
export class TopicTail {
  /** Position after the newest record. */
  head: number;
  private chunks: Chunk[] = [];
  private bytes = 0;

  constructor(
    private readonly topic: string,
    head: number,
    private readonly maxBytes: number,
  ) {
    this.head = head;
  }

  push(first: number, records: readonly LogRecord[], keep: boolean): void {
    this.head = first + records.length;
    if (!keep) {
      this.chunks = [];
      this.bytes = 0;
      return;
    }
    let bytes = 0;
    const kept = records.map(({ key, value }, index) => {
      bytes += value.length + 200;
      return new PositionedRecord(this.topic, key, value, first + index);
    });
    this.chunks.push({ first, records: kept, bytes });
    this.bytes += bytes;
    while (this.bytes > this.maxBytes && this.chunks.length > 1) this.dropOldest();
  }

  /** At most `max` records from a position on, or nothing when they are no longer here. */
  from(position: number, max: number): PositionedRecord[] {
    let index = this.chunks.findIndex((chunk) => position < chunk.first + chunk.records.length);
    const start = this.chunks[index];
    if (start === undefined || position < start.first) return [];
    const found = start.records.slice(position - start.first, position - start.first + max);
    for (index += 1; found.length < max; index += 1) {
      const chunk = this.chunks[index];
      if (chunk === undefined) break;
      for (const record of chunk.records.slice(0, max - found.length)) found.push(record);
    }
    return found;
  }

  /** Everybody has seen what lies before this position. */
  forget(position: number): void {
    for (let oldest = this.chunks[0]; oldest !== undefined; oldest = this.chunks[0]) {
      if (oldest.first + oldest.records.length > position) return;
      this.dropOldest();
    }
  }

  private dropOldest(): void {
    this.bytes -= this.chunks.shift()?.bytes ?? 0;
  }
}
