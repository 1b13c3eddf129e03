import type { TopicPlan } from '@parley/contracts';
import type { Admin } from 'kafkajs';
import type { KafkaAdmin } from './kafka-admin.js';
import type { KafkaLogger } from './kafka-logger.js';

/** Events of one commit and one conversation are one record, which may be larger than Kafka's default of 1 MB. */
const MAX_RECORD_BYTES = 8 * 1024 * 1024;

/** The topics of the cluster, by their full names. What is missing is made; what is there is left as it is. */
export class KafkaTopics {
  private readonly partitions = new Map<string, number>();
  private ensuring: Promise<void> = Promise.resolve();

  constructor(
    private readonly admin: KafkaAdmin,
    private readonly replication: number,
    private readonly logger: KafkaLogger,
  ) {}

  /** How many partitions a topic has. Undefined until it was ensured. */
  partitionsOf(name: string): number | undefined {
    return this.partitions.get(name);
  }

  /** Several processes may do so at once. */
  ensure(plans: readonly TopicPlan[]): Promise<void> {
    const work = this.ensuring.then(() => this.make(plans.filter(({ name }) => !this.partitions.has(name))));
    this.ensuring = work.catch(() => undefined);
    return work;
  }

  private async make(plans: readonly TopicPlan[]): Promise<void> {
    if (plans.length === 0) return;
    await this.admin.ask(async (admin) => {
      const existing = new Set(await admin.listTopics());
      const missing = plans.filter(({ name }) => !existing.has(name));
      if (missing.length > 0) await this.create(admin, missing);
    });
    const { topics } = await this.admin.ask((admin) =>
      admin.fetchTopicMetadata({ topics: plans.map(({ name }) => name) }),
    );
    for (const { name, partitions } of topics) {
      this.partitions.set(name, partitions.length);
      const plan = plans.find((one) => one.name === name);
      if (plan !== undefined && partitions.length < plan.partitions)
        this.logger.warn(
          `Topic ${name} has ${partitions.length} partitions and not ${plan.partitions}: left as it is, as more would move keys and their order.`,
        );
    }
  }

  private async create(admin: Admin, plans: readonly TopicPlan[]): Promise<void> {
    // Another process may be faster: that it exists is what we want.
    await admin.createTopics({
      waitForLeaders: false,
      topics: plans.map(({ name, partitions, retentionMs }) => ({
        topic: name,
        numPartitions: partitions,
        replicationFactor: this.replication,
        configEntries: [
          { name: 'retention.ms', value: String(retentionMs) },
          // A dead letter holds a record and what was wrong with it.
          { name: 'max.message.bytes', value: String(MAX_RECORD_BYTES + (name.endsWith('.dlq') ? 64 * 1024 : 0)) },
        ],
      })),
    });
    this.logger.log(`Made topics ${plans.map(({ name }) => name).join(', ')}.`);
  }
}
