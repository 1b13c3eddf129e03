import { Logger } from '@nestjs/common';
import type { AppendedRange } from './appended.js';
import type { SharedOutbox } from './commit-runner.js';
import { isFree } from './handovers.js';

const EVERY_MS = 500;
const BATCH = 200;
/** Batches in one sweep: a long queue is left for the next one. */
const ROUNDS = 50;

export interface SweepTarget {
  publish(ranges: readonly AppendedRange[]): Promise<void>;
  drop(outboxIds: readonly number[]): Promise<void>;
  /** False while the event log does not take this process' own: then it is others' turn. */
  canPublish(): boolean;
}

/**
 * Publishes what other processes have committed and not published: they died, are stopped, or cannot reach the event log. ORDER:
 * a writer's commits in their order, and none before the commits of others that it waits for. The owner may come back meanwhile
 * and publish the same: two that publish in order and begin at the oldest make repeats, and never a first time out of order.
 */
export class SharedSweep {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private stopped = false;
  private readonly logger = new Logger(SharedSweep.name);

  constructor(
    private readonly shared: SharedOutbox,
    private readonly target: SweepTarget,
  ) {}

  start(): void {
    if (this.stopped) return;
    // Not all processes at the same time.
    this.timer = setTimeout(
      () => {
        this.running = this.sweep()
          .catch((error: unknown) => this.logger.warn(`What others left waits in the outbox: ${String(error)}`))
          .finally(() => this.start());
      },
      EVERY_MS * (0.75 + Math.random() / 2),
    ).unref();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private async sweep(): Promise<void> {
    if (!this.target.canPublish()) return;
    try {
      await this.publishAbandoned();
    } finally {
      await this.shared.endTurn();
    }
  }

  private async publishAbandoned(): Promise<void> {
    for (let round = 0; round < ROUNDS && !this.stopped; round += 1) {
      const commits = await this.shared.abandoned(BATCH);
      if (commits.length === 0) return;
      // ORDER: read after the commits, so that what they wait for is in it or is published.
      const oldest = await this.shared.oldest();
      const blocked = new Set<number>();
      const free = commits.filter(({ slot, appended }) => {
        if (!appended.every((range) => isFree(range, oldest))) blocked.add(slot);
        return !blocked.has(slot);
      });
      if (free.length === 0) return;
      await this.target.publish(free.flatMap(({ appended }) => appended));
      await this.target.drop(free.map(({ outboxId }) => outboxId));
    }
  }
}
