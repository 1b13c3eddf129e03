import { type ChangeOutcome, ConversationLog, type LogChange } from '@parley/core-message';
import { type Clock, DomainError } from '@parley/kernel';
import { Logger } from '@nestjs/common';
import type { MessageRelay } from './message-relay.js';
import type { CommitRunner } from './commit-runner.js';

interface Waiting {
  changes: readonly LogChange[];
  resolve: (outcomes: (ChangeOutcome | DomainError)[]) => void;
  reject: (error: unknown) => void;
}

/** Told of every transaction: how many changes it held, and how long it took. */
export interface CommitWatch {
  committed(changes: number, ms: number): void;
}

/** Changes in one transaction. Larger ones gain little more and hold the acks of all. */
const MAX_BATCH = 500;
const MAX_QUEUED = 50_000;
/** Changes per slot that count as load (500 per second); below it every commit starts at once. */
const LOADED = 50;
const SLOT_MS = 100;

/**
 * Gathers calls into transactions: while one is being written, the next fills. ORDER: one transaction at a time, calls in their
 * order; the relay is handed each commit before the next one starts.
 */
export class GroupCommitLog extends ConversationLog {
  private queue: Waiting[] = [];
  private queued = 0;
  private running = false;
  private startedAt = 0;
  private slotAt = 0;
  private slotChanges = 0;
  private lastSlotChanges = 0;
  private readonly logger = new Logger(GroupCommitLog.name);

  constructor(
    private readonly runner: CommitRunner,
    private readonly relay: MessageRelay,
    private readonly clock: Clock,
    private readonly watch: CommitWatch,
  ) {
    super();
  }

  /** Changes that wait to be written. */
  get depth(): number {
    return this.queued;
  }

  commit(changes: readonly LogChange[]): Promise<(ChangeOutcome | DomainError)[]> {
    if (this.queued + changes.length > MAX_QUEUED)
      return Promise.reject(new DomainError('server.busy', 'unavailable', { retryAfterMs: 500 }));
    return new Promise((resolve, reject) => {
      this.queue.push({ changes, resolve, reject });
      this.queued += changes.length;
      if (!this.running) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.queue.length > 0) {
      await this.pace();
      const batch = this.take();
      const published = this.relay.takePublished();
      try {
        const startedAt = performance.now();
        const { outcomes, appended, outboxId } = await this.runner.commit(
          batch.flatMap((call) => call.changes),
          published,
          this.clock.now(),
        );
        this.watch.committed(outcomes.length, performance.now() - startedAt);
        if (outboxId !== 0) this.relay.publish(outboxId, appended);
        let at = 0;
        for (const call of batch) {
          call.resolve(
            outcomes
              .slice(at, at + call.changes.length)
              .map((wire) =>
                'outcome' in wire
                  ? wire.outcome
                  : new DomainError(wire.refused.code, wire.refused.kind, wire.refused.details),
              ),
          );
          at += call.changes.length;
        }
      } catch (error) {
        this.logger.error(error);
        this.relay.giveBack(published);
        // Where the answer got lost, the commit may have happened.
        this.relay.loseSight();
        const failure = new DomainError('server.unavailable', 'unavailable', {
          message: 'The message could not be stored.',
          retryAfterMs: 1000,
        });
        for (const call of batch) call.reject(failure);
      }
    }
    this.running = false;
  }

  private async pace(): Promise<void> {
    const now = performance.now();
    const wait = this.loaded(now) && this.queued < MAX_BATCH ? this.startedAt + this.runner.paceMs - now : 0;
    if (wait >= 1) await new Promise((resolve) => setTimeout(resolve, wait));
    this.startedAt = performance.now();
    this.slotChanges += this.queued;
  }

  /** Whether the last full slot of time, or this one already, was busy. */
  private loaded(now: number): boolean {
    if (now - this.slotAt >= SLOT_MS) {
      this.lastSlotChanges = now - this.slotAt < 2 * SLOT_MS ? this.slotChanges : 0;
      this.slotChanges = 0;
      this.slotAt = now;
    }
    return Math.max(this.lastSlotChanges, this.slotChanges) >= LOADED;
  }

  private take(): Waiting[] {
    let count = 0;
    let size = 0;
    while (count < this.queue.length && (count === 0 || size + (this.queue[count]?.changes.length ?? 0) <= MAX_BATCH)) {
      size += this.queue[count]?.changes.length ?? 0;
      count += 1;
    }
    this.queued -= size;
    return this.queue.splice(0, count);
  }
}
