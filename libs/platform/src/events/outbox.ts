import { EventLog, type LogRecord } from '@parley/contracts';
import type { SqlDatabase } from '@parley/adapter-sql';
import type { EntityManager } from 'typeorm';

interface OutboxRow {
  id: number;
  topic: string;
  record_key: string;
  value: Buffer;
}

const SWEEP_MS = 1000;
const BATCH = 500;

/**
 * Facts leave a service through a table of its own schema, written in the transaction that made them true (`append`), and are
 * published after the commit (`flush`). What a crash left is published by the sweep after the next start.
 * ORDER: rows leave by id, one flush at a time. At least once: a crash between publish and delete repeats records.
 *
 * Table: `outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, topic, record_key, value BLOB)`.
 */
export class Outbox {
  private running: Promise<void> | undefined;
  private again = false;
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly database: SqlDatabase,
    private readonly log: EventLog,
  ) {}

  async append(tx: EntityManager, records: readonly LogRecord[]): Promise<void> {
    for (const record of records)
      await tx.query('INSERT INTO outbox (topic, record_key, value) VALUES (?, ?, ?)', [
        record.topic,
        record.key,
        Buffer.from(record.value),
      ]);
  }

  /** Publishes what is waiting. Resolves when it is durable in the event log; rejects when the log is unavailable (the sweep tries again). */
  flush(): Promise<void> {
    this.again = true;
    this.running ??= this.drain();
    return this.running;
  }

  start(onError: (error: unknown) => void): void {
    this.timer = setInterval(() => void this.flush().catch(onError), SWEEP_MS);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running?.catch(() => undefined);
  }

  private async drain(): Promise<void> {
    try {
      while (this.again) {
        this.again = false;
        const rows: OutboxRow[] = await this.database.read.query(
          'SELECT id, topic, record_key, value FROM outbox ORDER BY id LIMIT ?',
          [BATCH],
        );
        if (rows.length === 0) continue;
        await this.log.publishBatch(rows.map((row) => ({ topic: row.topic, key: row.record_key, value: row.value })));
        const ids = rows.map((row) => row.id);
        await this.database.transaction((tx) =>
          tx.query(`DELETE FROM outbox WHERE id IN (${ids.map(() => '?').join(',')})`, ids),
        );
        this.again ||= rows.length === BATCH;
      }
    } finally {
      // In the same step as the last look at `again`: a flush in between would be answered without having been done.
      this.running = undefined;
    }
  }
}
