import { engine, eventually } from '@parley/testing';
import { setTimeout as rest } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KafkaLog } from './kafka-log.js';
import { kafkaHarness, QUICK } from './testing/kafka-harness.js';
import { spoilFetch } from './testing/spoilt-fetch.js';

const topic = 'parley.test.happened.v1';
const group = 'a.fan-out';

describe.skipIf(engine('kafka') === undefined)('a member that hangs', { timeout: 40_000 }, () => {
  let harness: Awaited<ReturnType<typeof kafkaHarness>>;
  let log: KafkaLog;
  let warnings: string[];
  let mend: () => void;

  const follow = async () => {
    const seen: string[] = [];
    const handle = async (records: { value: Uint8Array }[]) => {
      for (const { value } of records) seen.push(new TextDecoder().decode(value));
    };
    await log.publishBatch([{ topic, key: 'k', value: new TextEncoder().encode('waiting') }]);
    await log.subscribe({ group, topic, handle });
    await eventually('the record has come', () => seen.includes('waiting'), { deadlineMs: 30_000 });
  };

  beforeEach(async () => {
    harness = await kafkaHarness(engine('kafka')?.brokers ?? []);
    warnings = [];
    log = await KafkaLog.open({
      ...harness.options,
      logger: { debug: () => {}, log: () => {}, warn: (text) => void warnings.push(text), error: () => {} },
      times: { ...QUICK, silentMs: 2000, stuckMs: 1500 },
    });
  });

  afterEach(async () => {
    mend();
    await log.close();
    await harness.dispose();
  });

  it('in silence is replaced', async () => {
    mend = spoilFetch(`${harness.prefix}${group}`, () => new Promise(() => {}), 1);
    await follow();
    expect(warnings.join()).toContain('Kafka has not confirmed it');
  });

  it('while Kafka takes it for healthy is replaced when records wait', async () => {
    mend = spoilFetch(`${harness.prefix}${group}`, () => rest(50, []), 1);
    await follow();
    expect(warnings.join()).toContain('records wait');
  });
});
