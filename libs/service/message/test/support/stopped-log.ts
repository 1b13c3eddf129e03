import type { LogRecord } from '@parley/contracts';
import { LogOfRecords } from './log-of-records.js';

/** The way of one process to the event log: what it publishes while it is stopped arrives when it goes on, as packets of a stopped process do. */
export class StoppableLog extends LogOfRecords {
  private held: { records: readonly LogRecord[]; resolve: () => void }[] | undefined;

  constructor(private readonly log: LogOfRecords) {
    super();
  }

  override publishBatch(records: readonly LogRecord[]): Promise<void> {
    if (this.held === undefined) return this.log.publishBatch(records);
    return new Promise((resolve) => this.held?.push({ records, resolve }));
  }

  stop(): void {
    this.held ??= [];
  }

  async goOn(): Promise<void> {
    const held = this.held ?? [];
    this.held = undefined;
    for (const { records, resolve } of held) {
      await this.log.publishBatch(records);
      resolve();
    }
  }
}
