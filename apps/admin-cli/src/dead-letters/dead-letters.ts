import { deadLetterTopic, type EventLog, type LogRecord } from '@parley/contracts';
import { deadLetterV1 } from '@parley/contracts/rpc';

export interface DeadLetter {
  /** Where it is among the dead letters of its group; names it. */
  offset: string;
  topic: string;
  group: string;
  key: string;
  value: Uint8Array;
  /** Where it was in its topic. */
  recordOffset: string;
  reason: string;
  detail: string;
  failedAt: number;
  /** When it was last published again. */
  redrivenAt?: number;
}

/** A group that consumes a topic. */
export interface Addressee {
  topic: string;
  group: string;
}

const BATCH = 100;
/** Reason of a record beside the dead letters that says: the one at this offset was published again. */
const REDRIVEN = 'redriven';

/** Dead letters in an event log. What was published again is marked beside them, so that any log remembers it. */
export class DeadLetters {
  constructor(private readonly log: EventLog) {}

  /** All that are kept, in the order in which they failed. */
  async of({ topic, group }: Addressee): Promise<DeadLetter[]> {
    const letters = new Map<string, DeadLetter>();
    await this.log.replay(deadLetterTopic(topic, group), async (records) => {
      for (const record of records) {
        const { offset, failedAt, ...letter } = deadLetterV1.DeadLetter.decode(record.value);
        const marked = letters.get(offset);
        if (letter.reason !== REDRIVEN)
          letters.set(record.offset, { ...letter, offset: record.offset, recordOffset: offset, failedAt });
        else if (marked !== undefined) marked.redrivenAt = failedAt;
      }
    });
    return [...letters.values()];
  }

  /**
   * Publishes the original records to their topics, in order. All groups of the topic see them again: consumers are idempotent. A mark
   * that a crash prevents means one repeat more.
   */
  async redrive(letters: readonly DeadLetter[], now: number): Promise<void> {
    for (let from = 0; from < letters.length; from += BATCH) {
      const batch = letters.slice(from, from + BATCH);
      await this.log.publishBatch(batch.map(({ topic, key, value }) => ({ topic, key, value })));
      await this.log.publishBatch(batch.map((letter) => markOf(letter, now)));
    }
  }
}

function markOf({ topic, group, key, offset }: DeadLetter, now: number): LogRecord {
  const mark = { topic, group, key, value: Buffer.alloc(0), offset, reason: REDRIVEN, detail: '', failedAt: now };
  return { topic: deadLetterTopic(topic, group), key, value: deadLetterV1.DeadLetter.encode(mark).finish() };
}
