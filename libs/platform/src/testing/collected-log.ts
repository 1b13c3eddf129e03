import { EventLog, type LogRecord } from '@parley/contracts';

/** An event log for those who only publish: it keeps what came, and can be made to refuse. */
export class CollectedLog extends EventLog {
  readonly records: LogRecord[] = [];
  /** Runs before each batch; what it throws, the publisher gets. */
  before: (records: readonly LogRecord[]) => Promise<void> = async () => undefined;

  async publishBatch(records: readonly LogRecord[]): Promise<void> {
    await this.before(records);
    this.records.push(...records);
  }

  async subscribe(): Promise<void> {
    throw new Error('Nobody listens here.');
  }

  async replay(): Promise<void> {
    throw new Error('Nobody listens here.');
  }

  async lag(): Promise<never[]> {
    return [];
  }

  async close(): Promise<void> {
    this.records.length = 0;
  }
}
