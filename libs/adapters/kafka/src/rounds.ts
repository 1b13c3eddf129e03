import type { LogSubscription, ReceivedRecord } from '@parley/contracts';
import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import type { Progress } from './progress.js';

/** The most that one call of a handler gets. */
const MAX_RECORDS = 500;
const FIRST_PAUSE_MS = 100;
const LAST_PAUSE_MS = 5000;
const EMPTY = new Uint8Array();

/** Records of one partition within a slice, and how far they go. */
interface Piece {
  payload: EachBatchPayload;
  last: string;
}

interface Slice {
  records: ReceivedRecord[];
  pieces: Piece[];
}

interface Round {
  payloads: readonly EachBatchPayload[];
  interrupted: boolean;
}

export interface RoundsOptions {
  subscription: LogSubscription;
  progress: Progress;
  /** While a handler runs, the group must hear of this member this often. */
  heartbeatMs: number;
}

/**
 * What one answer of a broker brought is one round: records of all its partitions go to the handler together, in few calls, and their
 * progress is recorded together. kafkajs calls once per partition, all in one turn, and fetches again from that broker when all have
 * ended: so a partition is never handled twice at once, and one that is refused holds up the others of its broker.
 */
export class Rounds {
  private gathering: EachBatchPayload[] | undefined;
  private gathered: Promise<void> = Promise.resolve();
  private readonly running = new Set<Promise<void>>();
  private readonly resting = new Set<() => void>();
  private stopped = false;

  constructor(private readonly options: RoundsOptions) {}

  get busy(): boolean {
    return this.running.size > 0;
  }

  take(payload: EachBatchPayload): Promise<void> {
    if (this.gathering === undefined) {
      const payloads: EachBatchPayload[] = (this.gathering = []);
      const round = Promise.resolve()
        .then(() => {
          this.gathering = undefined;
          return this.run(payloads);
        })
        .finally(() => this.running.delete(round));
      this.running.add(round);
      this.gathered = round;
    }
    this.gathering.push(payload);
    return this.gathered;
  }

  /** Whatever runs is its last: nothing is repeated, and nothing new begins. */
  halt(): void {
    this.stopped = true;
    for (const wake of this.resting) wake();
  }

  /** Lets running handlers end. */
  async stop(): Promise<void> {
    this.halt();
    await Promise.all(this.running);
  }

  private async run(payloads: readonly EachBatchPayload[]): Promise<void> {
    // Without this pause kafkajs would fetch the same records as fast as it can until it has stopped.
    if (this.stopped) return this.rest(FIRST_PAUSE_MS);
    const round: Round = { payloads, interrupted: false };
    const heart = setInterval(() => this.beat(round), this.options.heartbeatMs);
    try {
      for (const slice of slices(payloads, this.options.subscription.topic)) {
        if (this.isOver(round) || !(await this.persistently(slice.records, round))) return;
        for (const { payload, last } of slice.pieces) {
          payload.resolveOffset(last);
          const { partition } = payload.batch;
          this.options.progress.passed(partition, String(BigInt(last) + 1n), payload.commitOffsetsIfNecessary);
        }
      }
    } finally {
      clearInterval(heart);
    }
  }

  /** Repeats until it succeeds. False when the records are no longer this member's to handle. */
  private async persistently(records: ReceivedRecord[], round: Round): Promise<boolean> {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LAST_PAUSE_MS)) {
      try {
        await this.options.subscription.handle(records);
        return true;
      } catch {
        // The handler has told why where it belongs; here only: again, later.
        if (!this.isOver(round)) await this.rest(pauseMs);
        if (this.isOver(round)) return false;
      }
    }
  }

  private isOver({ payloads, interrupted }: Round): boolean {
    return this.stopped || interrupted || payloads.some((payload) => !payload.isRunning() || payload.isStale());
  }

  /** A refusal means mostly that a new generation of the group begins: what is not handled yet comes again, here or elsewhere. */
  private beat(round: Round): void {
    round.payloads[0]?.heartbeat().catch(() => {
      round.interrupted = true;
      for (const wake of this.resting) wake();
    });
  }

  private rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.resting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.resting.add(wake);
    });
  }
}

/** ORDER: partition after partition, each in its own order. */
function* slices(payloads: readonly EachBatchPayload[], topic: string): Generator<Slice> {
  let slice: Slice = { records: [], pieces: [] };
  for (const payload of payloads) {
    const { messages, partition } = payload.batch;
    for (let from = 0; from < messages.length; ) {
      const part = messages.slice(from, from + MAX_RECORDS - slice.records.length);
      for (const message of part) slice.records.push(received(topic, partition, message));
      slice.pieces.push({ payload, last: (part.at(-1) as KafkaMessage).offset });
      from += part.length;
      if (slice.records.length < MAX_RECORDS) continue;
      yield slice;
      slice = { records: [], pieces: [] };
    }
  }
  if (slice.records.length > 0) yield slice;
}

export function received(topic: string, partition: number, { key, value, offset }: KafkaMessage): ReceivedRecord {
  return { topic, key: key?.toString() ?? '', value: value ?? EMPTY, offset: `${partition}/${offset}` };
}
