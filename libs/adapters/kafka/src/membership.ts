import type { LogSubscription } from '@parley/contracts';
import type { Consumer } from 'kafkajs';
import { reasonOf, within } from './failures.js';
import { KafkaClient, type KafkaEndpoint } from './kafka-client.js';
import { Progress } from './progress.js';
import { Rounds } from './rounds.js';

export interface GroupTimes {
  /** A member that was not heard of for so long is out of the group. */
  sessionTimeoutMs: number;
  /** How long a rebalance waits for handlers of members that are in it; beyond, those are out. */
  rebalanceTimeoutMs: number;
  /** How soon a member hears that the group changes. */
  heartbeatMs: number;
  /** A fetch that finds nothing is answered after this time; one that finds something at once. Ending a member takes as long. */
  fetchWaitMs: number;
  /** A member that Kafka has not confirmed for so long, with no handler running, is taken for hung. Longer than a rebalance may take. */
  silentMs: number;
  /** The same when it is confirmed, but records wait and progress stands still. */
  stuckMs: number;
}

export interface MembershipOptions {
  endpoint: KafkaEndpoint;
  subscription: LogSubscription;
  /** Full names. */
  group: string;
  topic: string;
  partitions: number;
  times: GroupTimes;
  /** In a group, with these partitions, under this id; again after each rebalance. */
  onJoined: (memberId: string, partitions: ReadonlySet<number>) => void;
}

const MAX_PARTITION_BYTES = 1024 * 1024;
const LEAVE_MS = 2000;

/** One membership in a group from joining to the end: by `stop`, or by a crash, of which `ended` tells. */
export class Membership {
  /** Resolves with the reason when it ends by itself. */
  readonly ended: Promise<string>;
  /** When Kafka last confirmed it (performance.now()). */
  aliveAt = performance.now();
  /** When the last round ended. */
  handledAt = performance.now();
  private end: (reason: string) => void = () => {};
  private readonly client: KafkaClient;
  private readonly consumer: Consumer;
  private readonly progress: Progress;
  private readonly rounds: Rounds;

  constructor(private readonly options: MembershipOptions) {
    const { times } = options;
    this.ended = new Promise((resolve) => {
      this.end = resolve;
    });
    this.progress = new Progress(options.topic);
    this.rounds = new Rounds({ ...options, heartbeatMs: times.heartbeatMs, progress: this.progress });
    this.client = new KafkaClient(options.endpoint);
    this.consumer = this.client.kafka.consumer({
      groupId: options.group,
      sessionTimeout: times.sessionTimeoutMs,
      rebalanceTimeout: times.rebalanceTimeoutMs,
      heartbeatInterval: times.heartbeatMs,
      minBytes: 1,
      maxWaitTimeInMs: times.fetchWaitMs,
      maxBytesPerPartition: MAX_PARTITION_BYTES,
      allowAutoTopicCreation: false,
      // Its own restart keeps a connection pool that is sometimes beyond repair; ours begins anew.
      retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 3, restartOnFailure: async () => false },
    });
    this.listen();
  }

  /** A handler runs. */
  get busy(): boolean {
    return this.rounds.busy;
  }

  /** Resolves when it was asked to join; `onJoined` and `ended` tell the rest. */
  async start(): Promise<void> {
    const { consumer, options } = this;
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [options.topic], fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: options.partitions,
        eachBatch: (payload) =>
          this.rounds.take(payload).finally(() => {
            this.handledAt = performance.now();
          }),
      });
    } catch (error) {
      this.end(reasonOf(error));
    }
  }

  /** Lets handlers end, records their progress and leaves the group. */
  async stop(): Promise<void> {
    await this.rounds.stop();
    await within(LEAVE_MS, this.progress.flush(), 'late').catch(() => undefined);
    await within(LEAVE_MS, this.consumer.disconnect(), 'late').catch(() => undefined);
    this.abandon();
  }

  /** Ends it without a word to anybody: the group finds out by itself. */
  abandon(): void {
    this.client.abandon();
    this.progress.stop();
    this.rounds.halt();
  }

  settle(): Promise<void> {
    return this.progress.flush();
  }

  private listen(): void {
    const { consumer, options } = this;
    const { GROUP_JOIN, HEARTBEAT, REBALANCING, CRASH } = consumer.events;
    consumer.on(HEARTBEAT, () => {
      this.aliveAt = performance.now();
    });
    consumer.on(REBALANCING, () => {
      this.aliveAt = performance.now();
      // Sent before this member asks to join again, and taken until the new generation is complete.
      void this.progress.flush();
    });
    consumer.on(GROUP_JOIN, ({ payload }) => {
      this.aliveAt = performance.now();
      const assigned = new Set(payload.memberAssignment[options.topic] ?? []);
      this.progress.keepOnly(assigned);
      options.onJoined(payload.memberId, assigned);
    });
    consumer.on(CRASH, ({ payload }) => this.end(reasonOf(payload.error)));
  }
}
