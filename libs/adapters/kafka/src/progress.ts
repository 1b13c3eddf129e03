import type { EachBatchPayload } from 'kafkajs';

export type Commit = EachBatchPayload['commitOffsetsIfNecessary'];

/** Writing after every round would cost the broker more than the records do. After a crash, records of this time come again. */
const PAUSE_MS = 50;
const RETRY_MS = 1000;

/** How far a member is in its partitions, on the way to the broker: one write at a time, each with all that is new. */
export class Progress {
  private readonly unrecorded = new Map<number, string>();
  private commit: Commit | undefined;
  private writing: Promise<void> | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private writtenAt = Number.NEGATIVE_INFINITY;
  private stopped = false;

  constructor(private readonly topic: string) {}

  /** Everything before `next` has been handled. */
  passed(partition: number, next: string, commit: Commit): void {
    if (this.stopped) return;
    this.unrecorded.set(partition, next);
    this.commit = commit;
    this.schedule(this.writtenAt + PAUSE_MS - performance.now());
  }

  /** Partitions of others are theirs to record. */
  keepOnly(partitions: ReadonlySet<number>): void {
    for (const partition of this.unrecorded.keys()) if (!partitions.has(partition)) this.unrecorded.delete(partition);
  }

  /** Writes what is new now. Never rejects: what cannot be written is tried again, or comes again as records. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.writing;
    if (this.unrecorded.size > 0) await this.write();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.unrecorded.clear();
  }

  private schedule(delayMs: number): void {
    if (this.timer !== undefined || this.writing !== undefined) return;
    if (delayMs <= 0) void this.write();
    else this.timer = setTimeout(() => void this.flush(), delayMs);
  }

  private write(): Promise<void> {
    this.writing ??= this.send().finally(() => {
      this.writing = undefined;
      if (this.unrecorded.size > 0) this.schedule(this.writtenAt + PAUSE_MS - performance.now());
    });
    return this.writing;
  }

  private async send(): Promise<void> {
    const offsets = [...this.unrecorded];
    this.writtenAt = performance.now();
    try {
      await this.commit?.({
        topics: [{ topic: this.topic, partitions: offsets.map(([partition, offset]) => ({ partition, offset })) }],
      });
      for (const [partition, offset] of offsets)
        if (this.unrecorded.get(partition) === offset) this.unrecorded.delete(partition);
    } catch {
      // The broker is away, or a new generation of the group begins; the member finds out by itself.
      this.writtenAt = performance.now() + RETRY_MS;
    }
  }
}
