import type { KafkaAdmin } from './kafka-admin.js';

export interface PartitionLag {
  partition: number;
  /** Offset of the next record to handle; empty when the group has recorded none. */
  committed: string;
  /** Not yet handled. */
  records: number;
}

interface Reading {
  at: number;
  answer: Promise<PartitionLag[]>;
}

const DEADLINE_MS = 3000;

/** How far groups are behind. Answers are kept for a while: whoever looks often must not cost the brokers more than the records do. */
export class LagReader {
  private readonly readings = new Map<string, Reading>();

  constructor(
    private readonly admin: KafkaAdmin,
    private readonly keptMs: number,
  ) {}

  /** By full names. */
  partitions(group: string, topic: string): Promise<PartitionLag[]> {
    const key = `${group} ${topic}`;
    const now = performance.now();
    const known = this.readings.get(key);
    if (known !== undefined && now - known.at < this.keptMs) return known.answer;
    const answer = this.read(group, topic);
    this.readings.set(key, { at: now, answer });
    answer.catch(() => undefined);
    return answer;
  }

  private read(group: string, topic: string): Promise<PartitionLag[]> {
    return this.admin.ask(async (admin) => {
      const [offsets, groups] = await Promise.all([
        admin.fetchTopicOffsets(topic),
        admin.fetchOffsets({ groupId: group, topics: [topic] }),
      ]);
      const committed = new Map(groups[0]?.partitions.map(({ partition, offset }) => [partition, offset]));
      return offsets.map(({ partition, high, low }) => {
        const offset = committed.get(partition) ?? '-1';
        const next = offset === '-1' || BigInt(offset) < BigInt(low) ? low : offset;
        return {
          partition,
          committed: offset === '-1' ? '' : offset,
          records: Math.max(0, Number(BigInt(high) - BigInt(next))),
        };
      });
    }, DEADLINE_MS);
  }
}
