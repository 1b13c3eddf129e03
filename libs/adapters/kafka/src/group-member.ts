import type { LogSubscription } from '@parley/contracts';
import { setTimeout as rest } from 'node:timers/promises';
import type { KafkaEndpoint } from './kafka-client.js';
import { rarely } from './kafka-logger.js';
import type { LagReader } from './lag-reader.js';
import { type GroupTimes, Membership } from './membership.js';
import { partitionOf } from './murmur2.js';

export interface GroupMemberOptions {
  endpoint: KafkaEndpoint;
  subscription: LogSubscription;
  /** Full names. */
  group: string;
  topic: string;
  partitions: number;
  times: GroupTimes;
  lag: LagReader;
}

const FIRST_PAUSE_MS = 250;
const LAST_PAUSE_MS = 3000;
const WATCH_MS = 2500;

/**
 * One group's way through one topic, for as long as the process lives: one membership after the other. kafkajs ends some of its failures
 * for good and some in silence (tulios/kafkajs#659, #267), so each membership is watched and replaced. ORDER: the next one begins when
 * the handlers of the last one have ended.
 */
export class GroupMember {
  private membership: Membership | undefined;
  private running: Promise<void> | undefined;
  private stopping = false;
  private readonly stopped = new AbortController();
  private assigned: ReadonlySet<number> = new Set();
  private memberId = '';
  private joined = () => {};
  private stuck: { progress: string; since: number } | undefined;

  private readonly warn: (text: string) => void;

  constructor(private readonly options: GroupMemberOptions) {
    const { logger } = options.endpoint;
    this.warn = rarely((text) => logger.warn(text));
  }

  /** Resolves when it is in the group for the first time, or was stopped before. */
  start(): Promise<void> {
    const joined = new Promise<void>((resolve) => {
      this.joined = resolve;
    });
    this.running = this.run();
    return Promise.race([joined, this.running]);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.stopped.abort();
    await this.running;
  }

  settle(): Promise<void> {
    return this.membership?.settle() ?? Promise.resolve();
  }

  /** As if the process had died. */
  abandon(): void {
    this.stopping = true;
    this.membership?.abandon();
    this.stopped.abort();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopped;
    const halt = new Promise<undefined>((resolve) => {
      signal.addEventListener('abort', () => resolve(undefined), { once: true });
    });
    for (let pauseMs = FIRST_PAUSE_MS; !this.stopping; pauseMs = Math.min(pauseMs * 2, LAST_PAUSE_MS)) {
      const membership = new Membership({
        ...this.options,
        onJoined: (memberId, partitions) => {
          pauseMs = FIRST_PAUSE_MS;
          this.onJoined(memberId, partitions);
        },
      });
      this.membership = membership;
      this.stuck = undefined;
      void membership.start();
      const watch = new AbortController();
      const reason = await Promise.race([membership.ended, this.hung(membership, watch.signal), halt]);
      watch.abort();
      if (reason !== undefined) this.warn(`Group ${this.options.group} begins anew: ${reason}`);
      await membership.stop();
      await rest(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Resolves with the reason when nothing moves although it should. */
  private async hung(membership: Membership, signal: AbortSignal): Promise<string> {
    const { silentMs, stuckMs } = this.options.times;
    const watchMs = Math.min(WATCH_MS, silentMs / 4, stuckMs / 4);
    while (!signal.aborted) {
      await rest(watchMs, undefined, { signal, ref: false }).catch(() => undefined);
      const now = performance.now();
      if (signal.aborted || membership.busy) continue;
      const unheardMs = now - membership.aliveAt;
      const idleMs = now - membership.handledAt;
      if (unheardMs > silentMs && idleMs > silentMs)
        return `Kafka has not confirmed it for ${Math.round(unheardMs / 1000)} s`;
      if (idleMs > stuckMs && (await this.isStuck(now, stuckMs)))
        return `records wait and none has come for ${Math.round(idleMs / 1000)} s`;
    }
    return '';
  }

  private async isStuck(now: number, stuckMs: number): Promise<boolean> {
    const { lag, group, topic } = this.options;
    const partitions = await lag.partitions(group, topic).catch(() => []);
    const behind = partitions.filter(({ partition, records }) => records > 0 && this.assigned.has(partition));
    if (behind.length === 0) {
      this.stuck = undefined;
      return false;
    }
    const progress = behind.map(({ partition, committed }) => `${partition}:${committed}`).join();
    if (this.stuck?.progress !== progress) this.stuck = { progress, since: now };
    return now - this.stuck.since >= stuckMs;
  }

  /**
   * Partitions that this member had and has no more. Under a new id it was out of the group in between, and others may have had all of
   * them; under the same id it was in every generation, and what it has kept nobody else has had.
   */
  private onJoined(memberId: string, partitions: ReadonlySet<number>): void {
    const kept = memberId === this.memberId ? partitions : new Set<number>();
    const lost = new Set([...this.assigned].filter((partition) => !kept.has(partition)));
    this.memberId = memberId;
    this.assigned = partitions;
    if (lost.size > 0)
      this.options.subscription.lost?.((key) => lost.has(partitionOf(Buffer.from(key), this.options.partitions)));
    this.joined();
  }
}
