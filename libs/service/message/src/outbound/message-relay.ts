import { EventLog, TOPICS } from '@parley/contracts';
import { messageEventsV1 } from '@parley/contracts/rpc';
import { Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AppendedRange } from './appended.js';
import type { CommitRunner, Unpublished } from './commit-runner.js';
import { Handovers } from './handovers.js';
import { publishable } from './publishable.js';
import { SharedSweep } from './shared-sweep.js';

const SWEEP_BATCH = 200;
const MAX_WAITING = 2000;
const DRAIN_MS = 2000;
const RETRY_MS = [100, 500, 2000];
/** Other processes wait for rows to leave the outbox. With the next commit is soon enough, if there is one. */
const DROP_MS = 10;
const HANDOVER_POLL_MS = 5;
/** What waits for longer may have been published by another process meanwhile (ours was stopped): the store knows. */
const STALE_MS = 1500;

/**
 * Publishes commits to the event log, in the order of the commits. Each commit left an outbox row that names its events, so what
 * is lost here with the process, or dropped because the log is down for long, is read from the store and published by the sweep.
 * ORDER: one publish at a time; while the sweep has not caught up, new commits wait in the store. Where several processes write
 * one store, a conversation that changed hands waits for the commits of the process before (see Handovers).
 */
export class MessageRelay {
  private waiting: Unpublished[] = [];
  private waitingSince = 0;
  private readonly handovers = new Handovers();
  private published: number[] = [];
  private running: Promise<void> | undefined;
  private dropTimer: NodeJS.Timeout | undefined;
  private dropping: Promise<void> | undefined;
  private readonly sweep: SharedSweep | undefined;
  /** True while the oldest unpublished commit is in the store only. */
  private behind = true;
  private stopped = false;
  /** Since when the event log owes an answer, failures included. */
  private unansweredSince: number | undefined;
  private readonly logger = new Logger(MessageRelay.name);

  constructor(
    private readonly runner: Pick<CommitRunner, 'commit' | 'unpublished' | 'shared'>,
    private readonly log: EventLog,
  ) {
    const { shared } = runner;
    if (shared === undefined) return;
    shared.onClaim(() => this.loseSight());
    this.sweep = new SharedSweep(shared, {
      publish: (ranges) => this.publishRanges(ranges),
      drop: async (outboxIds) => void (await runner.commit([], outboxIds, 0)),
      canPublish: () => performance.now() - (this.unansweredSince ?? Number.POSITIVE_INFINITY) < STALE_MS,
    });
  }

  /** Publishes what the last process left. Call once, before the first commit. */
  start(): void {
    this.kick();
    this.sweep?.start();
  }

  /** Commits waiting to be published. */
  get depth(): number {
    return this.waiting.length + this.handovers.size;
  }

  publish(outboxId: number, appended: AppendedRange[]): void {
    if (this.behind) return this.kick();
    if (this.waiting.length === 0) this.waitingSince = performance.now();
    this.waiting.push({ outboxId, appended });
    // The log is down: memory stays bounded, the store has it all.
    if (this.depth > MAX_WAITING) this.loseSight();
    this.kick();
  }

  /** Something may be in the outbox that was not handed to `publish`: everything is read from there again. */
  loseSight(): void {
    this.waiting = [];
    this.behind = true;
    this.kick();
  }

  /** Outbox rows that the next commit may drop. */
  takePublished(): number[] {
    const taken = this.published;
    this.published = [];
    return taken;
  }

  giveBack(published: readonly number[]): void {
    this.published.push(...published);
  }

  /** Publishes what is waiting for a moment; what does not leave by then is published after the next start. */
  async stop(): Promise<void> {
    const enough = sleep(DRAIN_MS, undefined, { ref: false });
    await Promise.race([Promise.all([this.running, this.sweep?.stop()]), enough]);
    this.stopped = true;
    clearTimeout(this.dropTimer);
    await this.dropping;
    await this.drop();
  }

  private kick(): void {
    if (this.stopped) return;
    this.running ??= this.run().finally(() => {
      this.running = undefined;
      if (this.waiting.length > 0) this.kick();
    });
  }

  private async run(): Promise<void> {
    for (let failures = 0; !this.stopped && (this.behind || this.depth > 0); ) {
      try {
        await this.round();
        failures = 0;
      } catch (error) {
        this.logger.warn(`Events wait in the outbox, the event log does not take them: ${String(error)}`);
        this.handovers.clear();
        this.waiting = [];
        this.behind = true;
        await sleep(RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]);
        failures += 1;
      }
    }
  }

  private async round(): Promise<void> {
    if (this.runner.shared !== undefined && this.waiting.length > 0 && performance.now() - this.waitingSince > STALE_MS)
      this.loseSight();
    if (!this.behind) this.handovers.add(this.waiting.splice(0, this.waiting.length));
    else if (this.handovers.size === 0) await this.readStore();
    if (this.handovers.isWaiting && this.runner.shared !== undefined)
      this.handovers.release(await this.runner.shared.oldest());
    const ready = this.handovers.take();
    if (ready.length > 0) await this.publishOwn(ready.map(({ range }) => range));
    else if (this.handovers.isWaiting) await sleep(HANDOVER_POLL_MS);
    this.published.push(...this.handovers.published(ready));
    if (this.behind) await this.drop();
    else this.dropSoon();
  }

  private async readStore(): Promise<void> {
    // What was published and not dropped yet must not stand for all that is left.
    await this.drop();
    // Rows of commits that end while this reads are read too: `publish` adds nothing to `waiting` meanwhile.
    const rows = await this.runner.unpublished(SWEEP_BATCH);
    this.handovers.add(rows);
    if (rows.length > 0) return;
    this.behind = false;
    this.unansweredSince = undefined;
  }

  private async publishOwn(ranges: readonly AppendedRange[]): Promise<void> {
    this.unansweredSince ??= performance.now();
    await this.publishRanges(ranges);
    this.unansweredSince = undefined;
  }

  private async publishRanges(ranges: readonly AppendedRange[]): Promise<void> {
    const topic = TOPICS.messageAppended.name;
    for (const pieces of publishable(ranges))
      await this.log.publishBatch(
        pieces.map((piece) => ({
          topic,
          key: piece.conversationId,
          value: messageEventsV1.Appended.encode(piece).finish(),
        })),
      );
  }

  private async drop(): Promise<void> {
    if (this.published.length === 0) return;
    const published = this.takePublished();
    try {
      await this.runner.commit([], published, 0);
    } catch (error) {
      this.giveBack(published);
      throw error;
    }
  }

  private dropSoon(): void {
    if (this.runner.shared === undefined || this.published.length === 0 || this.stopped) return;
    this.dropTimer ??= setTimeout(() => {
      this.dropTimer = undefined;
      this.dropping = this.drop().catch((error: unknown) => this.logger.debug(error));
    }, DROP_MS);
  }
}
