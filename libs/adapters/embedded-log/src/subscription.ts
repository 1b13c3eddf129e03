import type { LogSubscription, ReceivedRecord } from '@parley/contracts';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** The most that one call of a handler gets. Commits that came in while it ran are handed over together. */
const MAX_RECORDS = 500;
const FIRST_PAUSE_MS = 100;
const LAST_PAUSE_MS = 5000;

export interface RecordSource {
  /** Records from a position on; empty when there are none yet. */
  fetch(topic: string, position: number, max: number): ReceivedRecord[] | Promise<ReceivedRecord[]>;
  /** A handler has resolved: everything before this position is done. */
  passed(subscription: Subscription): void;
}

/**
 * One group's way through one topic. ORDER: one call of the handler at a time, in positions' order; what was refused comes again
 * before anything later.
 */
export class Subscription {
  private stopping = false;
  private signalled = false;
  private wake: (() => void) | undefined;
  private running: Promise<void> | undefined;

  constructor(
    readonly spec: LogSubscription,
    /** Next record to hand out. */
    public position: number,
    private readonly source: RecordSource,
  ) {}

  start(): void {
    this.running = this.run();
  }

  /** There may be something new. */
  signal(): void {
    this.signalled = true;
    this.wake?.();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.wake?.();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      this.signalled = false;
      const records = await this.persistently(async () =>
        this.source.fetch(this.spec.topic, this.position, MAX_RECORDS),
      );
      if (records === undefined) return;
      if (records.length === 0) {
        await this.pause();
        continue;
      }
      const done = await this.persistently(() => this.spec.handle(records).then(() => true));
      if (done === undefined) return;
      this.position += records.length;
      this.source.passed(this);
      // A handler that only calls within the process never leaves this turn of the event loop by itself; sockets want one, too.
      await nextTurn();
    }
  }

  /** Repeats until it succeeds; undefined when stopped in between. */
  private async persistently<T>(work: () => Promise<T>): Promise<T | undefined> {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LAST_PAUSE_MS)) {
      try {
        return await work();
      } catch {
        // The handler has told why where it belongs (the consumer runner logs); here only: again, later.
        if (this.stopping) return undefined;
        await this.rest(pauseMs);
        if (this.stopping) return undefined;
      }
    }
  }

  private pause(): Promise<void> {
    if (this.stopping || this.signalled) return Promise.resolve();
    return new Promise((resolve) => {
      this.wake = () => {
        this.wake = undefined;
        resolve();
      };
    });
  }

  /** New records do not shorten a back-off; only stopping does. */
  private rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        if (!this.stopping) return;
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
