import { topicPlans, TOPICS } from '@parley/contracts';
import { eventLogContract, eventLogGroupContract } from '@parley/contracts/testing';
import { engine, eventually, freePort } from '@parley/testing';
import { Kafka, logLevel } from 'kafkajs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KafkaLog } from './kafka-log.js';
import type { KafkaLogger } from './kafka-logger.js';
import { kafkaHarness } from './testing/kafka-harness.js';

const brokers = engine('kafka')?.brokers ?? [];
const topic = 'parley.test.happened.v1';

class Lines implements KafkaLogger {
  readonly said: string[] = [];
  readonly warned: string[] = [];
  debug(): void {}
  log(message: string): void {
    this.said.push(message);
  }
  warn(message: string): void {
    this.warned.push(message);
  }
  error(message: string): void {
    this.warned.push(message);
  }
}

describe('KafkaLog without Kafka', () => {
  it('waits at its start and says for what', async () => {
    const logger = new Lines();
    const address = `127.0.0.1:${await freePort()}`;
    const opening = KafkaLog.open({ brokers: [address], clientId: 'spec', logger, patienceMs: 500 });
    await expect(opening).rejects.toMatchObject({ code: 'server.unavailable' });
    const waiting = logger.warned.filter((line) => line.startsWith(`Waiting for Kafka at ${address}: `));
    expect(waiting).toHaveLength(1);
    expect(waiting[0]).toContain('ECONNREFUSED');
  });
});

describe.skipIf(engine('kafka') === undefined)('on Kafka', () => {
  const harness = () => kafkaHarness(brokers);

  eventLogContract('Kafka', harness);
  eventLogGroupContract('Kafka', harness);

  describe('KafkaLog', { timeout: 60_000 }, () => {
    let kafka: Awaited<ReturnType<typeof harness>>;
    let logger: Lines;
    const logs: KafkaLog[] = [];

    const open = async (more = {}) => {
      const log = await KafkaLog.open({ ...kafka.options, logger, ...more });
      logs.push(log);
      return log;
    };
    const admin = async <T>(work: (admin: ReturnType<Kafka['admin']>) => Promise<T>): Promise<T> => {
      const client = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
      await client.connect();
      return work(client).finally(() => client.disconnect());
    };
    const record = (text: string) => ({ topic, key: 'k', value: new TextEncoder().encode(text) });

    beforeEach(async () => {
      kafka = await harness();
      logger = new Lines();
    });

    afterEach(async () => {
      await Promise.all(logs.splice(0).map((log) => log.close()));
      await kafka.dispose();
    });

    it('makes the topics of the table with their partitions and retention, also when several processes do so at once', async () => {
      await Promise.all([1, 2, 3].map(() => open({ topics: topicPlans() })));
      const { name, partitions, retentionMs } = TOPICS.messageAppended;
      const names = await admin((client) => client.listTopics());
      for (const plan of topicPlans()) expect(names).toContain(`${kafka.prefix}${plan.name}`);
      const { topics } = await admin((client) => client.fetchTopicMetadata({ topics: [`${kafka.prefix}${name}`] }));
      expect(topics[0]?.partitions).toHaveLength(partitions);
      const { resources } = await admin((client) =>
        client.describeConfigs({
          includeSynonyms: false,
          resources: [{ type: 2, name: `${kafka.prefix}${name}`, configNames: ['retention.ms'] }],
        }),
      );
      expect(resources[0]?.configEntries[0]?.configValue).toBe(String(retentionMs));
      expect(logger.warned).toEqual([]);
    });

    it('leaves a topic with fewer partitions as it is, and says so', async () => {
      const name = `${kafka.prefix}${topic}`;
      await admin((client) =>
        client.createTopics({ waitForLeaders: false, topics: [{ topic: name, numPartitions: 2 }] }),
      );
      const log = await open({ topics: [{ name: topic, partitions: 8, retentionMs: 1000 }] });
      expect(logger.warned.join()).toContain(`Topic ${name} has 2 partitions and not 8`);
      await log.publishBatch([record('x')]);
      expect(await admin((client) => client.fetchTopicOffsets(name))).toHaveLength(2);
    });

    it('keeps its place in the group while a handler takes longer than the session', async () => {
      const seen: string[] = [];
      const handle = (by: string) => async (records: { value: Uint8Array }[]) => {
        for (const { value } of records) {
          const text = new TextDecoder().decode(value);
          seen.push(`${by} ${text}`);
          if (text === 'long') await new Promise((resolve) => setTimeout(resolve, 8000));
        }
      };
      const log = await open();
      await log.subscribe({ group: 'a.slow', topic, handle: handle('one') });
      await log.publishBatch([record('long')]);
      await eventually('it is being handled', () => seen.length === 1, { deadlineMs: 20_000 });
      await log.publishBatch([record('after')]);
      await eventually('the next has come', () => seen.length === 2, { deadlineMs: 20_000 });
      expect(seen).toEqual(['one long', 'one after']);
      expect(logger.warned).toEqual([]);
    });

    it('refuses a second topic for a group: its members would be given partitions of topics they do not know', async () => {
      const log = await open();
      await log.subscribe({ group: 'a.b', topic, handle: async () => {} });
      const second = log.subscribe({ group: 'a.b', topic: 'parley.test.other.v1', handle: async () => {} });
      await expect(second).rejects.toThrow('already consumes');
    });

    it('says nothing to people while nothing is wrong', async () => {
      const log = await open();
      const seen: string[] = [];
      await log.subscribe({
        group: 'a.b',
        topic,
        handle: async (records) => void seen.push(...records.map(({ offset }) => offset)),
      });
      await log.publishBatch([record('x')]);
      await eventually('it has come', () => seen.length === 1, { deadlineMs: 20_000 });
      await log.close();
      expect(logger.warned).toEqual([]);
      expect(logger.said).toEqual([`Made topics ${kafka.prefix}${topic}.`]);
    });
  });
});
