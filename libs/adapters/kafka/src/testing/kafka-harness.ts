import type { EventLogHarness } from '@parley/contracts/testing';
import { Kafka, logLevel } from 'kafkajs';
import { randomUUID } from 'node:crypto';
import { KafkaLog, type KafkaLogOptions } from '../kafka-log.js';

const silent = { debug: () => {}, log: () => {}, warn: () => {}, error: () => {} };

/** Quick to notice that a member died: as quick as a broker allows by default. */
export const QUICK = { sessionTimeoutMs: 6000, rebalanceTimeoutMs: 10_000, heartbeatMs: 200, fetchWaitMs: 100 };

/** Topics and groups under a prefix of their own, deleted at the end. */
export async function kafkaHarness(
  brokers: readonly string[],
): Promise<EventLogHarness & { prefix: string; options: KafkaLogOptions }> {
  const prefix = `spec.${randomUUID().slice(0, 8)}.`;
  let opened = 0;
  const options: KafkaLogOptions = { brokers, clientId: 'spec', prefix, logger: silent, lagKeptMs: 200, times: QUICK };
  return {
    prefix,
    options,
    open: () => KafkaLog.open({ ...options, clientId: `spec-${(opened += 1)}` }),
    crash: async (log) => (log as KafkaLog).abandon(),
    recorded: (log) => (log as KafkaLog).settle(),
    dispose: () => deleteTopics(brokers, prefix),
  };
}

async function deleteTopics(brokers: readonly string[], prefix: string): Promise<void> {
  const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(prefix));
  if (topics.length > 0) await admin.deleteTopics({ topics });
  await admin.disconnect();
}
