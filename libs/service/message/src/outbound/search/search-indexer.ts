import type { Leases } from '@parley/adapter-sql';
import { type ChangeOutcome, ConversationLog, type IndexMessages, type LogChange } from '@parley/core-message';
import type { DomainError } from '@parley/kernel';
import { Sweeper } from '@parley/platform';
import { Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';

/** Commits are gathered for so long: a conversation in which much is said is indexed once for all of it. */
const GATHER_MS = 800;
const RETRY_MS = 2000;
/** Of the time, at most one part in this many goes into indexing: sends and sockets come first, most of all while there are some. */
const DUTY = { quiet: 2, busy: 4 };
/** What a killed process left is found by the next sweep, where nobody writes to its conversations before. */
const SWEEP_MS = 10 * 60_000;

/**
 * Keeps the search index up to what this process commits, and every now and then (under a lease, so that one of several processes
 * does it) up to the whole log. What it knows is only which conversations to look at: how far each is indexed is in the index.
 */
export class SearchIndexer {
  private readonly dirty = new Set<string>();
  private dirtySince: number | undefined;
  private readonly sweeper: Sweeper;
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private first: Promise<void> | undefined;
  /** Of following and sweeping, those under way. */
  private working = 0;
  private checked = 0;
  private readonly logger = new Logger(SearchIndexer.name);

  constructor(
    private readonly index: IndexMessages,
    private readonly leases: Leases,
  ) {
    const work = () => this.sweep();
    this.sweeper = new Sweeper({ name: 'message.search', everyMs: SWEEP_MS, work, leases });
  }

  start(): void {
    this.sweeper.start();
    // A data folder may come with messages and without an index.
    this.first = this.leases
      .alone('message.search.start', () => this.sweep(), { signal: this.stopping.signal })
      .catch((error: unknown) => this.failed(error));
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all([this.sweeper.stop(), this.first, this.running]);
  }

  /** These were written to. */
  ring(changes: readonly LogChange[]): void {
    for (const { kind, conversationId } of changes) if (kind !== 'cursor') this.dirty.add(conversationId);
    if (this.dirty.size === 0 || this.stopping.signal.aborted) return;
    this.dirtySince ??= performance.now();
    this.running ??= this.run().finally(() => {
      this.running = undefined;
      if (this.dirty.size > 0) this.ring([]);
    });
  }

  /** How long the oldest change waits that is not in the index. */
  get lagMs(): number {
    return this.dirtySince === undefined ? 0 : performance.now() - this.dirtySince;
  }

  /** Conversations looked at by the sweep under way; 0 where there is none. */
  get sweeping(): number {
    return this.checked;
  }

  private async run(): Promise<void> {
    await this.pause(GATHER_MS);
    const taken = [...this.dirty];
    const since = this.dirtySince;
    this.dirty.clear();
    const begun = performance.now();
    try {
      await this.atWork((rest) => this.index.conversations(taken, rest));
      this.dirtySince = this.dirty.size > 0 ? begun : undefined;
    } catch (error) {
      for (const conversationId of taken) this.dirty.add(conversationId);
      this.dirtySince = since;
      this.failed(error);
      await this.pause(RETRY_MS);
    }
  }

  private async sweep(): Promise<void> {
    try {
      await this.atWork((rest) => {
        const giveWay = async () => {
          await rest();
          this.stopping.signal.throwIfAborted();
        };
        return this.index.all(giveWay, (done) => {
          this.checked = done;
        });
      });
    } finally {
      this.checked = 0;
    }
  }

  /** @param work told how to rest: a sleep for a multiple of the time that passed since the last one. */
  private async atWork(work: (rest: () => Promise<void>) => Promise<void>): Promise<void> {
    let since = performance.now();
    const rest = async () => {
      const duty = (this.dirty.size > 0 ? DUTY.busy : DUTY.quiet) * this.working;
      await this.pause((performance.now() - since) * (duty - 1));
      since = performance.now();
    };
    this.working += 1;
    try {
      await work(rest);
    } finally {
      this.working -= 1;
    }
  }

  private async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }

  private failed(error: unknown): void {
    if (!this.stopping.signal.aborted) this.logger.warn(`The search index is behind: ${String(error)}`);
  }
}

/** The log, with a bell: who indexes hears which conversations were written to. A failed commit may have happened. */
export class RungLog extends ConversationLog {
  constructor(
    private readonly log: ConversationLog,
    private readonly indexer: Pick<SearchIndexer, 'ring'>,
  ) {
    super();
  }

  async commit(changes: readonly LogChange[]): Promise<(ChangeOutcome | DomainError)[]> {
    try {
      return await this.log.commit(changes);
    } finally {
      this.indexer.ring(changes);
    }
  }
}
