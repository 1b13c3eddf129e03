import {
  EventLog,
  type LogRecord,
  type LogSubscription,
  planOf,
  type ReceivedRecord,
  type TopicPlan,
} from '@parley/contracts';
import { setTimeout as rest } from 'node:timers/promises';
import { closed, reasonOf } from './failures.js';
import { GroupMember } from './group-member.js';
import { KafkaAdmin } from './kafka-admin.js';
import type { KafkaEndpoint } from './kafka-client.js';
import { type KafkaLogger, quietly, rarely } from './kafka-logger.js';
import { KafkaTopics } from './kafka-topics.js';
import { LagReader } from './lag-reader.js';
import type { GroupTimes } from './membership.js';
import { partitionOf } from './murmur2.js';
import { PublishQueue, type RecordTarget } from './publish-queue.js';
import { type PlacedRecord, RecordSender } from './record-sender.js';
import { replay } from './replay.js';

export interface KafkaLogOptions {
  /** `host:port`, one or more; the rest of the cluster is learned from there. */
  brokers: readonly string[];
  /** Name of this process. */
  clientId: string;
  /** Before the name of every topic and group. */
  prefix?: string;
  /** Made at start where they are missing. Others are made when they are first used. */
  topics?: readonly TopicPlan[];
  /** Replicas of topics that are made. Default 1. */
  replication?: number;
  logger: KafkaLogger;
  /** How long `lag` may repeat an answer. Default 5 s. */
  lagKeptMs?: number;
  times?: Partial<GroupTimes>;
  /** How long to wait for Kafka at a start. For ever when not given: a service has nothing better to do. */
  patienceMs?: number;
}

const TIMES: GroupTimes = {
  sessionTimeoutMs: 10_000,
  // Longer than the consumer runner's patience with a handler.
  rebalanceTimeoutMs: 20_000,
  heartbeatMs: 500,
  fetchWaitMs: 500,
  silentMs: 25_000,
  stuckMs: 15_000,
};

const FIRST_PAUSE_MS = 250;
const LAST_PAUSE_MS = 5000;

/**
 * The event log of the distributed profile.
 *
 *   publishBatch ─ queue ─▶ one idempotent send at a time, acks of all replicas
 *   topic ─▶ a group's members ─ fetch ─▶ rounds ─ handle ─▶ progress, a little later
 */
export class KafkaLog extends EventLog implements RecordTarget {
  private readonly sender: RecordSender;
  private readonly queue: PublishQueue;
  private readonly lags: LagReader;
  private readonly members = new Map<string, { spec: LogSubscription; member: GroupMember }>();
  private closing: Promise<void> | undefined;

  private constructor(
    private readonly options: KafkaLogOptions,
    private readonly endpoint: KafkaEndpoint,
    private readonly admin: KafkaAdmin,
    private readonly topics: KafkaTopics,
  ) {
    super();
    this.sender = new RecordSender(endpoint);
    this.queue = new PublishQueue(this);
    this.lags = new LagReader(admin, options.lagKeptMs ?? 5000);
  }

  /** Waits for Kafka as long as it takes, and says so. */
  static async open(options: KafkaLogOptions): Promise<KafkaLog> {
    const { brokers, clientId, logger } = options;
    const endpoint: KafkaEndpoint = { brokers, clientId, logger, tell: quietly(logger) };
    const admin = new KafkaAdmin(endpoint);
    const topics = new KafkaTopics(admin, options.replication ?? 1, logger);
    const log = new KafkaLog(options, endpoint, admin, topics);
    const plans = (options.topics ?? []).map((plan) => ({ ...plan, name: log.fullName(plan.name) }));
    await log.patiently(async () => {
      await topics.ensure(plans);
      await admin.ask((kafka) => kafka.describeCluster());
    });
    return log;
  }

  publishBatch(records: readonly LogRecord[]): Promise<void> {
    if (this.closing !== undefined) return Promise.reject(closed());
    return records.length === 0 ? Promise.resolve() : this.queue.add(records);
  }

  async subscribe(spec: LogSubscription): Promise<void> {
    if (this.closing !== undefined) throw closed();
    const { group } = spec;
    // Members of one group share one list of topics, or each is given partitions of topics it does not know.
    if (this.members.has(group)) throw new Error(`${group} already consumes ${this.members.get(group)?.spec.topic}.`);
    const topic = this.fullName(spec.topic);
    const partitions = await this.patiently(() => this.partitionsOf(topic, spec.topic));
    const member = new GroupMember({
      endpoint: this.endpoint,
      subscription: spec,
      group: this.fullName(group),
      topic,
      partitions,
      times: { ...TIMES, ...this.options.times },
      lag: this.lags,
    });
    this.members.set(group, { spec, member });
    await member.start();
  }

  /** Of the groups in which this process is a member. */
  lag(): Promise<{ group: string; topic: string; records: number }[]> {
    return Promise.all(
      [...this.members.values()].map(async ({ spec: { group, topic } }) => {
        const partitions = await this.lags.partitions(this.fullName(group), this.fullName(topic));
        return { group, topic, records: partitions.reduce((sum, { records }) => sum + records, 0) };
      }),
    );
  }

  async replay(topic: string, take: (records: ReceivedRecord[]) => Promise<void>): Promise<void> {
    const fullName = this.fullName(topic);
    await this.partitionsOf(fullName, topic);
    const { endpoint, admin } = this;
    await replay({ endpoint, admin, topic, fullName, prefix: this.options.prefix ?? '' }, take);
  }

  /** Readiness: the cluster answers. Rejects with the reason. */
  async check(): Promise<void> {
    await this.admin.ask((kafka) => kafka.describeCluster(), 1500);
  }

  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  /** Writes what is still to be written of members' progress. */
  async settle(): Promise<void> {
    await Promise.all([...this.members.values()].map(({ member }) => member.settle()));
  }

  /** As kill -9 would end it: nothing is finished, recorded or said to anybody. */
  abandon(): void {
    this.closing = Promise.resolve();
    for (const { member } of this.members.values()) member.abandon();
    this.sender.drop();
    this.admin.abandon();
  }

  async place(records: readonly LogRecord[]): Promise<PlacedRecord[]> {
    const counts = new Map<string, number>();
    for (const { topic } of records)
      if (!counts.has(topic)) counts.set(topic, await this.partitionsOf(this.fullName(topic), topic));
    return records.map(({ topic, key, value }) => {
      const bytes = Buffer.from(key);
      return {
        topic: this.fullName(topic),
        partition: partitionOf(bytes, counts.get(topic) as number),
        key: bytes,
        value: Buffer.from(value.buffer, value.byteOffset, value.byteLength),
      };
    });
  }

  send(records: readonly PlacedRecord[], endAt: number): Promise<void> {
    return this.sender.send(records, endAt);
  }

  private async partitionsOf(fullName: string, topic: string): Promise<number> {
    const known = this.topics.partitionsOf(fullName);
    if (known !== undefined) return known;
    await this.topics.ensure([{ ...planOf(topic), name: fullName }]);
    return this.topics.partitionsOf(fullName) as number;
  }

  /** Until it succeeds, or patience ends. */
  private async patiently<T>(work: () => Promise<T>): Promise<T> {
    const { brokers, logger, patienceMs = Number.POSITIVE_INFINITY } = this.options;
    const warn = rarely((text) => logger.warn(text));
    const end = performance.now() + patienceMs;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LAST_PAUSE_MS))
      try {
        return await work();
      } catch (error) {
        if (this.closing !== undefined) throw closed();
        warn(`Waiting for Kafka at ${brokers.join(', ')}: ${reasonOf(error)}`);
        if (performance.now() + pauseMs > end) throw error;
        await rest(pauseMs);
      }
  }

  private fullName(name: string): string {
    return `${this.options.prefix ?? ''}${name}`;
  }

  private async shutDown(): Promise<void> {
    await Promise.all([this.queue.drained(), ...[...this.members.values()].map(({ member }) => member.stop())]);
    await Promise.all([this.sender.close(), this.admin.close()]);
  }
}
