import type { LogRecord, ReceivedRecord } from '@parley/contracts';
import { eventually, RealKafka } from '@parley/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { KafkaLog } from './kafka-log.js';
import { QUICK } from './testing/kafka-harness.js';

const KEYS = ['k0', 'k1', 'k2', 'k3', 'k4', 'k5'];
const SILENT = { debug: () => {}, log: () => {}, warn: () => {}, error: () => {} };
/** How long the broker is away. The long form (10 s and 15 s) is `PARLEY_FAULTS=long`. */
const LONG = process.env['PARLEY_FAULTS'] === 'long';
const DOWN_MS = LONG ? 10_000 : 1000;
const STOPPED_MS = LONG ? 15_000 : 2000;
const HEAL_MS = 30_000;

/** Publishes without pause as a relay does: what was refused is published again before anything newer. */
class Publisher {
  published = 0;
  refusals = 0;
  private stopped = false;
  private readonly running: Promise<void>;

  constructor(
    private readonly log: KafkaLog,
    private readonly topic: string,
  ) {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      const value = new TextEncoder().encode(String(this.published));
      const records: LogRecord[] = KEYS.map((key) => ({ topic: this.topic, key, value }));
      for (;;)
        try {
          await this.log.publishBatch(records);
          break;
        } catch {
          this.refusals += 1;
        }
      this.published += 1;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

/** Repeats are allowed; what is new must be the next of its key. */
class Seen {
  readonly next = new Map(KEYS.map((key) => [key, 0]));
  readonly violations: string[] = [];

  readonly handle = async (records: ReceivedRecord[]): Promise<void> => {
    for (const { key, value } of records) {
      const number = Number(new TextDecoder().decode(value));
      const next = this.next.get(key) ?? 0;
      if (number > next) this.violations.push(`${key}: ${number} came before ${next}`);
      if (number === next) this.next.set(key, next + 1);
    }
  };

  get least(): number {
    return Math.min(...this.next.values());
  }
}

describe.skipIf(!RealKafka.isHere())('a broker that fails', { timeout: 150_000 }, () => {
  const topic = 'parley.test.happened.v1';
  let kafka: RealKafka;
  let log: KafkaLog;
  let other: KafkaLog;
  let publisher: Publisher;
  let seen: Seen;
  let round = 0;

  const openLog = (clientId: string) =>
    KafkaLog.open({ brokers: kafka.brokers, clientId, prefix: `r${round}.`, logger: SILENT, times: QUICK });
  /** Time until records flow again, from the call on. */
  const healed = async () => {
    const from = performance.now();
    const { published } = publisher;
    await eventually('records flow again', () => seen.least > published, { deadlineMs: HEAL_MS });
    return performance.now() - from;
  };
  const settled = async () => {
    await publisher.stop();
    await eventually('all is handled', () => seen.least === publisher.published, { deadlineMs: HEAL_MS });
    expect(seen.violations).toEqual([]);
  };

  beforeAll(async () => {
    kafka = await RealKafka.start();
  }, 90_000);

  afterAll(async () => {
    await kafka.remove();
  });

  beforeEach(async () => {
    round += 1;
    [log, other] = await Promise.all([openLog('one'), openLog('other')]);
    seen = new Seen();
    await log.subscribe({ group: 'a.fan-out', topic, handle: seen.handle });
    await other.subscribe({ group: 'a.fan-out', topic, handle: seen.handle });
    publisher = new Publisher(log, topic);
    await eventually('records flow', () => seen.least > 20);
  });

  afterEach(async () => {
    await publisher.stop();
    await Promise.all([log.close(), other.close()]);
  });

  it('is missed for no longer than it is away: nothing is lost, and order is kept', async () => {
    await kafka.kill();
    await new Promise((resolve) => setTimeout(resolve, DOWN_MS));
    await kafka.start();
    console.info(`healed ${Math.round(await healed())} ms after the restart, ${publisher.refusals} refusals`);
    await settled();
  });

  it('is waited for when it stands still: nothing is lost, and order is kept', async () => {
    kafka.pause();
    await new Promise((resolve) => setTimeout(resolve, STOPPED_MS));
    kafka.resume();
    console.info(`healed ${Math.round(await healed())} ms after it went on, ${publisher.refusals} refusals`);
    await settled();
  });
});
