import type { Message, Producer, RecordMetadata } from 'kafkajs';
import { DomainError } from '@parley/kernel';
import { setTimeout as rest } from 'node:timers/promises';
import { originOf, reasonOf, unavailable, within } from './failures.js';
import { KafkaClient, type KafkaEndpoint } from './kafka-client.js';

/** A record whose place is decided. */
export interface PlacedRecord {
  /** Full name. */
  topic: string;
  partition: number;
  key: Buffer;
  value: Buffer;
}

interface Session {
  client: KafkaClient;
  producer: Promise<Producer>;
  ready: boolean;
}

const FIRST_PAUSE_MS = 50;
const LAST_PAUSE_MS = 1000;
/** Kafka has understood and will say no every time. */
const REFUSALS = new Map<string, () => DomainError>([
  [
    'MESSAGE_TOO_LARGE',
    () => new DomainError('limit.size', 'too_large', { message: 'A record is larger than Kafka takes.' }),
  ],
  [
    'RECORD_LIST_TOO_LARGE',
    () => new DomainError('limit.size', 'too_large', { message: 'Records are larger than Kafka takes.' }),
  ],
  ...['INVALID_TOPIC_EXCEPTION', 'TOPIC_AUTHORIZATION_FAILED', 'CLUSTER_AUTHORIZATION_FAILED', 'INVALID_RECORD'].map(
    (type): [string, () => DomainError] => [
      type,
      () => new DomainError('server.internal', 'internal', { message: `Kafka refuses records: ${type}.` }),
    ],
  ),
]);
const TRANSPORT = new Set([
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSBrokerNotFound',
  'KafkaJSLockTimeout',
]);

/**
 * Kafka's idempotent producer, one send at a time. kafkajs counts a failed send's numbers back, so that
 * - a send beside it would get the numbers of records that did arrive, and the broker would drop it as their repeat;
 * - after a send that was given up, the next records would, too.
 * ORDER, and nothing lost: never two sends at once, and after a failure whose end is unknown a new producer with numbers of its own.
 * Records of the old one may then arrive a second time.
 */
export class RecordSender {
  private session: Session | undefined;

  constructor(private readonly endpoint: KafkaEndpoint) {}

  /** Resolves when all are durable. Rejects at `endAt` (performance.now()) with a retryable error, or before with what Kafka refuses. */
  async send(records: readonly PlacedRecord[], endAt: number): Promise<void> {
    let pending = records;
    let last: unknown;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LAST_PAUSE_MS)) {
      this.session ??= this.connect();
      try {
        const acked = await within(
          endAt - performance.now(),
          sendBy(this.session, pending),
          reasonOf(last ?? 'no answer'),
        );
        pending = pending.filter(({ topic, partition }) => !acked.has(placeOf(topic, partition)));
        if (pending.length === 0) return;
        last = new Error('Kafka has acknowledged a part only.');
      } catch (error) {
        last = error;
        const refusal = REFUSALS.get(originOf(error).type ?? '');
        if (!this.session.ready || !mayHaveArrived(error)) this.drop();
        if (refusal !== undefined) throw refusal();
      }
      if (performance.now() + pauseMs >= endAt) {
        this.drop();
        throw unavailable(`Kafka does not take records: ${reasonOf(last)}`);
      }
      await rest(pauseMs);
    }
  }

  async close(): Promise<void> {
    const { session } = this;
    if (session === undefined) return;
    const disconnected = session.producer.then((producer) => producer.disconnect());
    await within(1000, disconnected, 'late').catch(() => undefined);
    this.drop();
  }

  /** As if the process had died. */
  drop(): void {
    this.session?.client.abandon();
    this.session = undefined;
  }

  private connect(): Session {
    const client = new KafkaClient(this.endpoint);
    const session: Session = {
      client,
      ready: false,
      producer: this.connectProducer(client).then((producer) => {
        session.ready = true;
        return producer;
      }),
    };
    return session;
  }

  /** A producer with numbers of its own. */
  protected async connectProducer(client: KafkaClient): Promise<Producer> {
    const producer = client.kafka.producer({
      idempotent: true,
      allowAutoTopicCreation: false,
      createPartitioner:
        () =>
        ({ message }) =>
          message.partition as number,
      // One repetition by kafkajs, as it wants at least one; the others are ours, with an end.
      retry: { initialRetryTime: FIRST_PAUSE_MS, maxRetryTime: LAST_PAUSE_MS, retries: 1 },
    });
    await producer.connect();
    return producer;
  }
}

/** Then the same producer repeats the records under the same numbers, and the broker drops what it has. */
function mayHaveArrived(error: unknown): boolean {
  const { name, retriable } = originOf(error);
  return TRANSPORT.has(name) || (name === 'KafkaJSProtocolError' && retriable === true);
}

const placeOf = (topic: string, partition: number) => `${topic}/${partition}`;

/**
 * Answers the partitions that were acknowledged. kafkajs resolves without some of them when their leader moves, during its repetition,
 * to a broker that has already acknowledged others.
 */
async function sendBy({ producer }: Session, records: readonly PlacedRecord[]): Promise<Set<string>> {
  const ready = await producer;
  const topics = new Map<string, Message[]>();
  for (const { topic, partition, key, value } of records) {
    const message = { partition, key, value };
    const same = topics.get(topic);
    if (same === undefined) topics.set(topic, [message]);
    else same.push(message);
  }
  const acks: RecordMetadata[] = await ready.sendBatch({
    acks: -1,
    topicMessages: [...topics].map(([topic, messages]) => ({ topic, messages })),
  });
  return new Set(acks.filter((ack) => ack.errorCode === 0).map((ack) => placeOf(ack.topicName, ack.partition)));
}
