import type { ReceivedRecord } from '@parley/contracts';
import { randomUUID } from 'node:crypto';
import { reasonOf, unavailable, within } from './failures.js';
import type { KafkaAdmin } from './kafka-admin.js';
import { KafkaClient, type KafkaEndpoint } from './kafka-client.js';
import { received } from './rounds.js';

const LEAVE_MS = 3000;

export interface Replay {
  endpoint: KafkaEndpoint;
  admin: KafkaAdmin;
  /** As the records' readers know it, and in full. */
  topic: string;
  fullName: string;
  prefix: string;
}

/** Reads a topic up to where it ends now, as a group of its own that is deleted afterwards. */
export async function replay(
  { endpoint, admin, topic, fullName, prefix }: Replay,
  take: (records: ReceivedRecord[]) => Promise<void>,
): Promise<void> {
  const offsets = await admin.ask((kafka) => kafka.fetchTopicOffsets(fullName));
  const ends = new Map(
    offsets.filter(({ high, low }) => high !== low).map(({ partition, high }) => [partition, BigInt(high)]),
  );
  if (ends.size === 0) return;
  const groupId = `${prefix}replay.${randomUUID()}`;
  const client = new KafkaClient(endpoint);
  const consumer = client.kafka.consumer({ groupId, maxWaitTimeInMs: 100, allowAutoTopicCreation: false });
  try {
    await new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(unavailable(reasonOf(payload.error))));
      const begin = async () => {
        await consumer.connect();
        await consumer.subscribe({ topics: [fullName], fromBeginning: true });
        await consumer.run({
          autoCommit: false,
          eachBatch: async ({ batch }) => {
            const end = ends.get(batch.partition);
            if (end === undefined) return;
            const messages = batch.messages.filter((message) => BigInt(message.offset) < end);
            try {
              if (messages.length > 0) await take(messages.map((message) => received(topic, batch.partition, message)));
            } catch (error) {
              return reject(error as Error);
            }
            if (BigInt(batch.lastOffset()) + 1n < end) return;
            ends.delete(batch.partition);
            if (ends.size === 0) resolve();
          },
        });
      };
      begin().catch((error: unknown) => reject(unavailable(reasonOf(error))));
    });
  } finally {
    await within(LEAVE_MS, consumer.disconnect(), 'late').catch(() => undefined);
    client.abandon();
    await admin.ask((kafka) => kafka.deleteGroups([groupId]), LEAVE_MS).catch(() => undefined);
  }
}
