import { EventLog, type LogRecord } from '@parley/contracts';
import { insertRows, type Lease, marks, type SqlDatabase, whileHeld } from '@parley/adapter-sql';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';

interface OutboxRow {
  id: number;
  topic: string;
  record_key: string;
  value: Buffer;
}

const SWEEP_MS = 1000;
const BATCH = 500;
const LEASE = 'outbox';
/** How long the others wait for a relay that died. */
const LEASE_MS = 1000;
const FIRST_WAIT_MS = 4;
const LAST_WAIT_MS = 100;

/**
 * Facts leave a service through a table of its own schema, written in the transaction that made them true (`append`), and are
 * published after the commit (`flush`). What a crash left is published by the sweep, of this process or another replica.
 *
 * ORDER: rows leave by id, and every relay begins at the oldest row, so a record is never published for the first time before an
 * older one of its key. (Transactions that write records of one key exclude each other by the row that they change, or their
 * order means nothing.) One replica relays at a time, by a lease: that is what keeps records from being published once per
 * replica. At least once: a crash between publish and delete repeats records, and a relay that was stopped for longer than its
 * lease may repeat a batch.
 *
 * Table: `outbox (id counting up, topic, record_key, value BLOB)`.
 */
export class Outbox {
  private running: Promise<void> | undefined;
  private again = false;
  private stopped = false;
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly database: SqlDatabase,
    private readonly log: EventLog,
  ) {}

  async append(tx: EntityManager, records: readonly LogRecord[]): Promise<void> {
    const rows = records.map(({ topic, key, value }) => [topic, key, Buffer.from(value)]);
    await insertRows(tx, 'outbox', ['topic', 'record_key', 'value'], rows);
  }

  /**
   * Publishes what is waiting. Resolves when what was committed before is durable in the event log, whoever published it; rejects
   * when the log is unavailable (the sweep tries again).
   */
  flush(): Promise<void> {
    this.again = true;
    this.running ??= this.drain();
    return this.running;
  }

  start(onError: (error: unknown) => void): void {
    this.timer = setInterval(() => void this.sweep().catch(onError), SWEEP_MS);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.stopped = true;
    await this.running?.catch(() => undefined);
  }

  /** An idle service asks, and takes no lease. */
  private async sweep(): Promise<void> {
    if (this.running === undefined && (await this.next(1)).length > 0) await this.flush();
  }

  private async drain(): Promise<void> {
    try {
      while (this.again) {
        this.again = false;
        await this.relayInTurn();
      }
    } finally {
      // In the same step as the last look at `again`: a flush in between would be answered without having been done.
      this.running = undefined;
    }
  }

  private async relayInTurn(): Promise<void> {
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LAST_WAIT_MS)) {
      const lease = await this.database.leases.tryTake(LEASE, LEASE_MS);
      if (lease !== undefined && (await whileHeld(lease, LEASE_MS, () => this.relay(lease)))) return;
      // Another replica is at it, and it may have looked before our commit: done when nothing is left.
      if (this.stopped || (await this.next(1)).length === 0) return;
      await sleep(waitMs * (0.5 + Math.random()));
    }
  }

  /** Answers false when the lease was lost before all was out. */
  private async relay(lease: Lease): Promise<boolean> {
    for (;;) {
      const rows = await this.next(BATCH);
      if (rows.length === 0) return true;
      if (!lease.isHeld()) return false;
      await this.log.publishBatch(rows.map((row) => ({ topic: row.topic, key: row.record_key, value: row.value })));
      // Also when the lease ran out meanwhile: these are published.
      const ids = rows.map((row) => row.id);
      await this.database.transaction((tx) => tx.query(`DELETE FROM outbox WHERE id IN (${marks(ids.length)})`, ids));
      if (rows.length < BATCH) return true;
    }
  }

  private next(limit: number): Promise<OutboxRow[]> {
    return this.database.read.query('SELECT id, topic, record_key, value FROM outbox ORDER BY id LIMIT ?', [limit]);
  }
}
