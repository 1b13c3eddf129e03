import { EventLog, type LogRecord } from '@parley/contracts';
import { messageEventsV1 } from '@parley/contracts/rpc';

/** An event log that only keeps what is published, in the order of the publishing. Several processes may share it. */
export class LogOfRecords extends EventLog {
  readonly records: LogRecord[] = [];
  isDown = false;

  async publishBatch(records: readonly LogRecord[]): Promise<void> {
    if (this.isDown) throw new Error('the event log is down');
    this.records.push(...records);
  }

  /** Seqs of a conversation in the order of their first publication. */
  firstSeqsOf(conversationId: string): number[] {
    const seqs = this.records
      .filter(({ key }) => key === conversationId)
      .flatMap(({ value }) => messageEventsV1.Appended.decode(value).events.map(({ seq }) => seq));
    return [...new Set(seqs)];
  }

  async subscribe(): Promise<void> {
    // Nobody listens here.
  }
  async lag(): Promise<[]> {
    return [];
  }
  async replay(): Promise<void> {
    // Nobody looks.
  }
  async close(): Promise<void> {
    // Nothing is open.
  }
}
