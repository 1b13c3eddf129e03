import { EventLog, TOPICS } from '@parley/contracts';
import { messageEventsV1 } from '@parley/contracts/rpc';
import { Logger } from '@nestjs/common';
import type { AppendedRange } from './appended.js';
import type { CommitRunner } from './sqlite/commit-thread.js';

interface Unpublished {
  outboxId: number;
  appended: AppendedRange[];
}

const SWEEP_BATCH = 200;
const MAX_WAITING = 2000;
const DRAIN_MS = 2000;
const RETRY_MS = [100, 500, 2000];

/**
 * Publishes commits to the event log, in the order of the commits. Each commit left an outbox row that names its events, so what
 * is lost here with the process, or dropped because the log is down for long, is read from the store and published by the sweep.
 * ORDER: one publish at a time; while the sweep has not caught up, new commits wait in the store.
 */
export class MessageRelay {
  private waiting: Unpublished[] = [];
  private published: number[] = [];
  private running: Promise<void> | undefined;
  /** True while the oldest unpublished commit is in the store only. */
  private behind = true;
  private stopped = false;
  private readonly logger = new Logger(MessageRelay.name);

  constructor(
    private readonly runner: Pick<CommitRunner, 'commit' | 'unpublished'>,
    private readonly log: EventLog,
  ) {}

  /** Publishes what the last process left. Call once, before the first commit. */
  start(): void {
    this.kick();
  }

  /** Commits waiting to be published. */
  get depth(): number {
    return this.waiting.length;
  }

  publish(outboxId: number, appended: AppendedRange[]): void {
    if (this.behind) return this.kick();
    this.waiting.push({ outboxId, appended });
    if (this.waiting.length > MAX_WAITING) {
      // The log is down: memory stays bounded, the store has it all.
      this.waiting = [];
      this.behind = true;
    }
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
    await Promise.race([this.running, new Promise((resolve) => setTimeout(resolve, DRAIN_MS).unref())]);
    this.stopped = true;
    if (this.published.length > 0) await this.runner.commit([], this.takePublished(), 0);
  }

  private kick(): void {
    if (this.stopped) return;
    this.running ??= this.run().finally(() => {
      this.running = undefined;
      if (this.waiting.length > 0) this.kick();
    });
  }

  private async run(): Promise<void> {
    for (let failures = 0; !this.stopped && (this.behind || this.waiting.length > 0); ) {
      try {
        if (this.behind) await this.sweep();
        else await this.send(this.waiting.splice(0, this.waiting.length));
        failures = 0;
      } catch (error) {
        this.logger.warn(`Events wait in the outbox, the event log does not take them: ${String(error)}`);
        this.waiting = [];
        this.behind = true;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]));
        failures += 1;
      }
    }
  }

  private async sweep(): Promise<void> {
    // What was published and not dropped yet must not stand for all that is left.
    if (this.published.length > 0) await this.runner.commit([], this.takePublished(), 0);
    // Rows of commits that end while this reads are read too: `publish` adds nothing to `waiting` meanwhile.
    const rows = await this.runner.unpublished(SWEEP_BATCH);
    if (rows.length === 0) {
      this.behind = false;
      return;
    }
    await this.send(rows);
    await this.runner.commit([], this.takePublished(), 0);
  }

  private async send(commits: readonly Unpublished[]): Promise<void> {
    const topic = TOPICS.messageAppended.name;
    await this.log.publishBatch(
      commits.flatMap(({ appended }) =>
        appended.map((range) => ({
          topic,
          key: range.conversationId,
          value: messageEventsV1.Appended.encode(range).finish(),
        })),
      ),
    );
    this.published.push(...commits.map((commit) => commit.outboxId));
  }
}
