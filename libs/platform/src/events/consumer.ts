import { deadLetterTopic, type EventLog, type ReceivedRecord } from '@parley/contracts';
import { deadLetterV1 } from '@parley/contracts/rpc';
import { DomainError } from '@parley/kernel';
import { Logger } from '@nestjs/common';
import { setTimeout as rest } from 'node:timers/promises';
import { counterBy } from '../ops/metrics.js';

export { deadLetterTopic };

export interface Consumer<T> {
  /** `<service>.<handler>`. */
  group: string;
  topic: string;
  decode: (value: Uint8Array) => T;
  /**
   * Takes what was consumed, in order. DEDUPE: records come again after a crash, and those before a failed one in the same batch
   * come again at once, so it must be idempotent.
   */
  handle: (items: T[]) => Promise<void>;
  /** See LogSubscription: others may have handled these keys since. */
  lost?: (isLost: (key: string) => boolean) => void;
  /** How long one batch may hold up the ones behind it, in ms. Default 15 s. */
  patienceMs?: number;
}

const buried = counterBy('parley_dead_letters_total', 'Records that could not be handled', ['topic', 'group']);

interface Item<T> {
  record: ReceivedRecord;
  value: T;
}

interface Failed {
  record: ReceivedRecord;
  reason: string;
  detail: string;
}

const FIRST_PAUSE_MS = 50;
const LAST_PAUSE_MS = 3000;
const PATIENCE_MS = 15_000;

/**
 * Feeds one consumer from the log and keeps poison out of its way. What cannot be decoded is a dead letter at once. When handling
 * fails because something is down (`unavailable`, `internal` and whatever is no DomainError), the batch is repeated with growing
 * pauses until its patience ends; then, and after any other error, it goes record by record, and what still fails is a dead letter
 * with its reason. Either way what is behind goes on.
 */
export function consume<T>(log: EventLog, consumer: Consumer<T>): Promise<void> {
  const runner = new ConsumerRunner(log, consumer);
  const { group, topic, lost } = consumer;
  // Shown as 0 from the start: a rate cannot see a counter that begins with its first event.
  buried.inc({ topic, group }, 0);
  return log.subscribe({ group, topic, handle: (records) => runner.take(records), ...(lost && { lost }) });
}

class ConsumerRunner<T> {
  private readonly logger: Logger;

  constructor(
    private readonly log: EventLog,
    private readonly consumer: Consumer<T>,
  ) {
    this.logger = new Logger(consumer.group);
  }

  /** Rejects only when dead letters cannot be written: then the log brings the same records again. */
  async take(records: readonly ReceivedRecord[]): Promise<void> {
    const failed: Failed[] = [];
    const items: Item<T>[] = [];
    for (const record of records)
      try {
        items.push({ record, value: this.consumer.decode(record.value) });
      } catch (error) {
        failed.push({ record, reason: 'undecodable', detail: String(error) });
      }
    if (items.length > 0) {
      const end = performance.now() + (this.consumer.patienceMs ?? PATIENCE_MS);
      const error = await this.attempt(items, end);
      if (error !== undefined) failed.push(...(await this.oneByOne(items, error, end)));
    }
    if (failed.length > 0) await this.bury(failed);
  }

  /** ORDER: a record that fails is left behind before the next one is tried, so the others keep their order. */
  private async oneByOne(items: readonly Item<T>[], first: unknown, end: number): Promise<Failed[]> {
    const failed: Failed[] = [];
    // A batch of one that cannot succeed needs no second judgement.
    if (items.length === 1) return [verdict(items[0] as Item<T>, first)];
    for (const item of items) {
      const error = await this.attempt([item], end);
      if (error !== undefined) failed.push(verdict(item, error));
    }
    return failed;
  }

  /** Answers the error that remains, if any. */
  private async attempt(items: readonly Item<T>[], end: number): Promise<unknown> {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LAST_PAUSE_MS)) {
      try {
        await this.consumer.handle(items.map((item) => item.value));
        return undefined;
      } catch (error) {
        if (!passing(error) || performance.now() + pauseMs > end) return error ?? new Error('rejected');
        await rest(pauseMs);
      }
    }
  }

  private async bury(failed: readonly Failed[]): Promise<void> {
    const { group, topic } = this.consumer;
    for (const { record, reason, detail } of failed)
      this.logger.error(`Dead letter: ${topic} ${record.key} at ${record.offset}: ${reason} ${detail}`);
    await this.log.publishBatch(
      failed.map(({ record, reason, detail }) => ({
        topic: deadLetterTopic(topic, group),
        key: record.key,
        value: deadLetterV1.DeadLetter.encode({
          topic,
          group,
          key: record.key,
          value: Buffer.from(record.value),
          offset: record.offset,
          reason,
          detail,
          failedAt: Date.now(),
        }).finish(),
      })),
    );
    buried.inc({ topic, group }, failed.length);
  }
}

/** May the same records succeed later? */
function passing(error: unknown): boolean {
  return !DomainError.is(error) || error.kind === 'unavailable' || error.kind === 'internal';
}

function verdict(item: Item<unknown>, error: unknown): Failed {
  if (DomainError.is(error)) return { record: item.record, reason: error.code, detail: error.message };
  return { record: item.record, reason: 'server.internal', detail: String(error) };
}
