import { Kafka, logLevel, type Message, type Producer } from 'kafkajs';

/** What a test does to a topic behind everybody's back: reads all of it, and writes what was never meant to be there. */
export class TopicTap {
  private readonly kafka: Kafka;
  private producer: Producer | undefined;

  constructor(
    brokers: string[],
    /** With the prefix of its cluster. */
    readonly topic: string,
  ) {
    this.kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING });
  }

  /** Records in it, over all partitions. */
  async length(): Promise<number> {
    return this.withAdmin(async (admin) => {
      const partitions = await admin.fetchTopicOffsets(this.topic).catch(() => []);
      return partitions.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
    });
  }

  async partitions(): Promise<number> {
    return this.withAdmin(async (admin) => (await admin.fetchTopicOffsets(this.topic)).length);
  }

  /** The last records of each partition, as they are now. */
  async last(perPartition: number): Promise<Map<number, Message[]>> {
    const ends = await this.withAdmin((admin) => admin.fetchTopicOffsets(this.topic));
    const open = new Set(ends.filter(({ high, low }) => Number(high) > Number(low)).map(({ partition }) => partition));
    const found = new Map<number, Message[]>();
    if (open.size === 0) return found;
    const consumer = this.kafka.consumer({ groupId: `${this.topic}.tap-${Date.now()}` });
    await consumer.connect();
    await consumer.subscribe({ topic: this.topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer
        .run({
          eachMessage: async ({ partition, message: { key, value, headers, offset } }) => {
            const records = found.get(partition) ?? [];
            found.set(partition, [...records, { key, value, ...(headers && { headers }) }].slice(-perPartition));
            if (Number(offset) + 1 >= Number(ends.find((end) => end.partition === partition)?.high))
              open.delete(partition);
            if (open.size === 0) resolve();
          },
        })
        .catch(reject);
    });
    await consumer.disconnect();
    return found;
  }

  async write(partition: number, messages: Message[]): Promise<void> {
    if (this.producer === undefined) {
      this.producer = this.kafka.producer();
      await this.producer.connect();
    }
    await this.producer.send({ topic: this.topic, messages: messages.map((message) => ({ ...message, partition })) });
  }

  async close(): Promise<void> {
    await this.producer?.disconnect();
  }

  private async withAdmin<T>(work: (admin: ReturnType<Kafka['admin']>) => Promise<T>): Promise<T> {
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      return await work(admin);
    } finally {
      await admin.disconnect();
    }
  }
}
