import { Missed } from '../domain/missed.js';
import type { Delivery } from '../domain/outgoing.js';
import type { NodeCall } from '../ports/gateway-nodes.js';

export interface LaneLimits {
  /** Deliveries that may wait for a node that does not answer; beyond, the oldest are dropped. */
  maxParked: number;
  firstPauseMs: number;
  lastPauseMs: number;
  /** What waits for longer is dropped. Far shorter than a gateway remembers who went out of a conversation. */
  giveUpMs: number;
  /** What is older than this was meant for sockets of the process before, when a node turns out to be a new one. */
  freshMs: number;
  /** A node silent for this long has no client left that believes it is connected; nobody needs to be told of what was dropped. */
  forgetMs: number;
  /** Of one call, in characters; the wire takes 64 MiB. */
  maxCall: number;
}

/** Deliveries that came together. */
interface Group {
  deliveries: Delivery[];
  size: number;
  at: number;
  /** Answers the sender once; nobody waits afterwards. */
  answer: ((sockets: readonly number[]) => void) | undefined;
}

type Answer = { sockets: readonly number[]; process: string };

/**
 * The way to one gateway node. ORDER: one call at a time, in order of `send`; what comes meanwhile leaves together. What cannot be
 * handed over in time is dropped and remembered as missed, and the node is told of that with the first call that it answers.
 */
export class NodeLane {
  private queue: Group[] = [];
  private missed: Missed | undefined;
  private process = '';
  private running = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private pauseMs = 0;
  private silentSince: number | undefined;

  constructor(
    private readonly deliver: (call: NodeCall) => Promise<Answer>,
    private readonly elapsed: () => number,
    private readonly limits: LaneLimits,
    private readonly onForgotten: () => void,
  ) {}

  get depth(): number {
    return this.queue.reduce((sum, { deliveries }) => sum + deliveries.length, 0);
  }

  get parkedCount(): number {
    return this.silentSince === undefined ? 0 : this.depth;
  }

  async send(deliveries: Delivery[]): Promise<readonly number[]> {
    const parts = this.split(deliveries);
    if (parts.length === 1) return this.add(parts[0] as Omit<Group, 'answer'>);
    return (await Promise.all(parts.map((part) => this.add(part)))).flat();
  }

  stop(): void {
    clearTimeout(this.timer);
    for (const group of this.queue.splice(0)) answerNone(group);
  }

  private add(group: Omit<Group, 'answer'>): Promise<readonly number[]> {
    if (this.silentSince !== undefined) {
      this.queue.push({ ...group, answer: undefined });
      this.trim();
      return Promise.resolve(group.deliveries.map(() => 0));
    }
    return new Promise((resolve) => {
      this.queue.push({ ...group, answer: resolve });
      if (!this.running) void this.run();
    });
  }

  private split(deliveries: Delivery[]): Omit<Group, 'answer'>[] {
    const at = this.elapsed();
    const groups: Omit<Group, 'answer'>[] = [];
    let from = 0;
    let size = 0;
    for (const [index, delivery] of deliveries.entries()) {
      const added = sizeOf(delivery);
      if (index > from && size + added > this.limits.maxCall) {
        groups.push({ deliveries: deliveries.slice(from, index), size, at });
        from = index;
        size = 0;
      }
      size += added;
    }
    groups.push({ deliveries: from === 0 ? deliveries : deliveries.slice(from), size, at });
    return groups;
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.queue.length > 0 || this.missed !== undefined) {
      // Before the first answer nobody knows which process this is, nor how long it has been there.
      this.drop(this.process === '' ? this.limits.freshMs : this.limits.giveUpMs);
      const batch = this.take();
      try {
        await this.call(batch);
      } catch {
        for (const group of batch) answerNone(group);
        this.queue = [...batch, ...this.queue];
        for (const group of this.queue) answerNone(group);
        this.trim();
        this.pause();
        break;
      }
    }
    this.running = false;
  }

  private async call(batch: readonly Group[]): Promise<void> {
    const { missed, process } = this;
    this.missed = undefined;
    const deliveries = batch.length === 1 ? (batch[0] as Group).deliveries : batch.flatMap((one) => one.deliveries);
    let answer: Answer;
    try {
      answer = await this.deliver({ deliveries, process, missed, now: this.elapsed() });
    } catch (error) {
      this.keep(missed);
      throw error;
    }
    this.silentSince = undefined;
    this.pauseMs = 0;
    this.process = answer.process;
    if (process === '' || answer.process === process) return spread(batch, answer.sockets);
    // It took nothing, and does not know who went out of a conversation before it began.
    this.keep(missed);
    this.queue = [...batch, ...this.queue];
    this.drop(this.limits.freshMs);
  }

  private take(): Group[] {
    let size = 0;
    const end = this.queue.findIndex((group, index) => (size += group.size) > this.limits.maxCall && index > 0);
    return this.queue.splice(0, end === -1 ? this.queue.length : end);
  }

  private drop(olderThanMs: number): void {
    const now = this.elapsed();
    while (this.queue[0] !== undefined && now - this.queue[0].at > olderThanMs) this.miss(this.queue.shift() as Group);
  }

  private trim(): void {
    let { depth } = this;
    while (depth > this.limits.maxParked && this.queue[0] !== undefined) {
      depth -= this.queue[0].deliveries.length;
      this.miss(this.queue.shift() as Group);
    }
  }

  private miss(group: Group): void {
    answerNone(group);
    this.missed ??= new Missed();
    for (const delivery of group.deliveries) this.missed.add(delivery, group.at);
  }

  private keep(missed: Missed | undefined): void {
    if (this.missed === undefined || missed === undefined) this.missed ??= missed;
    else this.missed.merge(missed);
  }

  private pause(): void {
    this.silentSince ??= this.elapsed();
    if (this.elapsed() - this.silentSince > this.limits.forgetMs) {
      this.stop();
      this.onForgotten();
      return;
    }
    this.pauseMs = Math.min(Math.max(this.pauseMs * 2, this.limits.firstPauseMs), this.limits.lastPauseMs);
    this.timer = setTimeout(() => void this.run(), this.pauseMs);
  }
}

function spread(batch: readonly Group[], sockets: readonly number[]): void {
  let at = 0;
  for (const group of batch) {
    const end = at + group.deliveries.length;
    group.answer?.(batch.length === 1 ? sockets : sockets.slice(at, end));
    at = end;
  }
}

function answerNone(group: Group): void {
  group.answer?.(group.deliveries.map(() => 0));
  group.answer = undefined;
}

/** Near enough; ids are short. */
function sizeOf({ payloadJson, userIds, sessionIds, exceptUserIds }: Delivery): number {
  return payloadJson.length + 40 * (userIds.length + sessionIds.length + exceptUserIds.length) + 100;
}
