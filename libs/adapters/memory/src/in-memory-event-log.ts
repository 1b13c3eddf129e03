import { EventLog, type LogRecord, type LogSubscription, type ReceivedRecord } from '@parley/contracts';
import { DomainError } from '@parley/kernel';
import { setTimeout as rest } from 'node:timers/promises';

const PAUSE_MS = 10;

/** What outlives one log: give the same memory to the next one, and it goes on where the first was. */
export class EventLogMemory {
  readonly topics = new Map<string, ReceivedRecord[]>();
  /** Next position, by group and topic. */
  readonly progress = new Map<string, { group: string; topic: string; next: number }>();

  recordsOf(topic: string): ReceivedRecord[] {
    let records = this.topics.get(topic);
    if (records === undefined) this.topics.set(topic, (records = []));
    return records;
  }
}

interface Consumer {
  wake: () => void;
  ended: Promise<void>;
}

/** The event log for tests: nothing is durable, nothing is forgotten, everything else as the port says. */
export class InMemoryEventLog extends EventLog {
  private readonly consumers: Consumer[] = [];
  private stopped = false;
  private crashed = false;

  constructor(readonly memory = new EventLogMemory()) {
    super();
  }

  async publishBatch(records: readonly LogRecord[]): Promise<void> {
    if (this.stopped) throw closed();
    for (const { topic, key, value } of records) {
      const same = this.memory.recordsOf(topic);
      same.push({ topic, key, value, offset: String(same.length) });
    }
    for (const consumer of this.consumers) consumer.wake();
  }

  async subscribe(spec: LogSubscription): Promise<void> {
    if (this.stopped) throw closed();
    const key = `${spec.group} ${spec.topic}`;
    const entry = this.memory.progress.get(key) ?? { group: spec.group, topic: spec.topic, next: 0 };
    this.memory.progress.set(key, entry);
    const consumer: Consumer = { wake: () => {}, ended: Promise.resolve() };
    consumer.ended = this.consume(spec, entry, consumer);
    this.consumers.push(consumer);
  }

  async lag(): Promise<{ group: string; topic: string; records: number }[]> {
    return [...this.memory.progress.values()].map(({ group, topic, next }) => ({
      group,
      topic,
      records: this.memory.recordsOf(topic).length - next,
    }));
  }

  async replay(topic: string, take: (records: ReceivedRecord[]) => Promise<void>): Promise<void> {
    const records = [...this.memory.recordsOf(topic)];
    if (records.length > 0) await take(records);
  }

  async close(): Promise<void> {
    this.stopped = true;
    for (const consumer of this.consumers) consumer.wake();
    await Promise.all(this.consumers.map((consumer) => consumer.ended));
  }

  /** As kill -9: handlers that run now leave no progress behind. */
  crash(): void {
    this.crashed = true;
    this.stopped = true;
    for (const consumer of this.consumers) consumer.wake();
  }

  private async consume(spec: LogSubscription, entry: { next: number }, consumer: Consumer): Promise<void> {
    const all = this.memory.recordsOf(spec.topic);
    await Promise.resolve();
    while (!this.stopped) {
      const records = all.slice(entry.next, entry.next + 500);
      if (records.length === 0) {
        await new Promise<void>((resolve) => {
          consumer.wake = resolve;
        });
        continue;
      }
      if (!(await this.handled(spec, records))) return;
      entry.next += records.length;
    }
  }

  private async handled(spec: LogSubscription, records: ReceivedRecord[]): Promise<boolean> {
    for (;;) {
      try {
        await spec.handle(records);
        return !this.crashed;
      } catch {
        if (this.stopped) return false;
        await rest(PAUSE_MS);
      }
    }
  }
}

const closed = () => new DomainError('server.unavailable', 'unavailable', { message: 'The event log is closed.' });
