import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Findings, SendBook } from './checks.js';
import { type Percentiles, Histogram } from './histogram.js';
import type { LoadUser } from './load-user.js';

export interface RunOrder {
  rate: number;
  seconds: number;
  /** The first seconds are sent and checked, but their latencies are not counted. */
  warmupSeconds: number;
  textBytes: number;
  /** Something is broken on purpose meanwhile: clients recover as the SDK does, and it is told when latencies were good again. */
  resilient?: boolean;
  /** Part of every clientMsgId: each run's are new. */
  nonce: string;
}

export interface RunReport {
  offeredPerSecond: number;
  /** Acks within the counted time. */
  actualPerSecond: number;
  sent: number;
  acked: number;
  refused: Record<string, number>;
  delivered: number;
  ack: Percentiles;
  delivery: Percentiles;
  found: Findings;
  receipts: { sent: number; seen: number; missing: number };
  /** The longest that the generator itself came late. Latencies count from the intended time, so they include it. */
  generatorLateMs: number;
  generatorCpuMs: number;
  disconnected: number;
  /** p99 of the acks of sends due in each half second. */
  ackP99ByHalfSecond: number[];
}

/**
 * The generator sleeps this long between two looks at its sockets, deaf to them: waking it for every single packet would
 * cost more than the packet, on both sides of the socket, as it would not with clients on other machines.
 */
const NAP_MS = 1;
const DRAIN_MS = 10_000;
const RESILIENT_DRAIN_MS = 30_000;
const WINDOW_MS = 500;
/** Like the SDK: what arrives within this time is acknowledged to the sender by one cursor. */
const DELIVERED_WITHIN_MS = 100;

const bed = new Int32Array(new SharedArrayBuffer(4));
const nap = () => Atomics.wait(bed, 0, 0, NAP_MS);

// An answer that comes after its run was over must not count for the next: ack ids go on over all runs.
let ackIds = 0;

/** Open loop: message `i` is due at `i / rate`, whether or not the server keeps up, and is timed from then on. */
export class OneToOneRun {
  private readonly book: SendBook;
  private readonly ackTimes = new Histogram();
  private readonly deliveryTimes = new Histogram();
  private readonly windows: Histogram[] = [];
  private readonly refused: Record<string, number> = {};
  private readonly total: number;
  private readonly firstId: number;
  private readonly prefix: string;
  private readonly tail: string;
  private startedAt = 0;
  private countFrom = 0;
  private countTo = 0;
  private ackedInTime = 0;
  private refusedCount = 0;
  private lateMs = 0;
  private readonly dirty: LoadUser[] = [];

  constructor(
    private readonly users: LoadUser[],
    private readonly order: RunOrder,
  ) {
    this.total = Math.round(order.rate * order.seconds);
    this.book = new SendBook(this.total);
    this.firstId = ackIds;
    ackIds += this.total;
    this.prefix = `${order.nonce}-`;
    this.tail = `","type":"text","content":{"text":"${'x'.repeat(order.textBytes)}"}}`;
  }

  async run(): Promise<RunReport> {
    const cpuBefore = process.cpuUsage();
    for (const user of this.users) user.join(this, this.order.resilient ?? false);
    const start = performance.now() + 20;
    this.startedAt = start;
    this.countFrom = start + this.order.warmupSeconds * 1000;
    this.countTo = start + this.order.seconds * 1000;
    await this.sendAll(start);
    await this.drain();
    const cpu = process.cpuUsage(cpuBefore);
    const receipts = this.users.reduce(
      (sum, user) => ({
        sent: sum.sent + user.receiptsSent,
        seen: sum.seen + user.receiptsSeen,
        missing: sum.missing + (user.peerDeliveredSeq < user.lastAckedSeq ? 1 : 0),
      }),
      { sent: 0, seen: 0, missing: 0 },
    );
    return {
      offeredPerSecond: this.order.rate,
      actualPerSecond: this.ackedInTime / (this.order.seconds - this.order.warmupSeconds),
      sent: this.total,
      acked: this.book.acked,
      refused: this.refused,
      delivered: this.book.arrived,
      ack: this.ackTimes.percentiles(),
      delivery: this.deliveryTimes.percentiles(),
      found: this.book.findings(this.users.map((user) => user.watch)),
      receipts,
      generatorLateMs: this.lateMs,
      generatorCpuMs: (cpu.user + cpu.system) / 1000,
      disconnected: this.users.filter((user) => !user.connected).length,
      ackP99ByHalfSecond: Array.from(this.windows, (window) => window?.percentiles().p99Ms ?? 0),
    };
  }

  private sendAll(start: number): Promise<void> {
    let next = 0;
    return new Promise((resolve) => {
      const tick = () => {
        const now = performance.now();
        const due = Math.min(this.total, Math.floor(((now - start) * this.order.rate) / 1000) + 1);
        if (next < due) this.lateMs = Math.max(this.lateMs, now - (start + (next * 1000) / this.order.rate));
        for (; next < due; next++) {
          this.book.intendedAt[next] = start + (next * 1000) / this.order.rate;
          this.users[next % this.users.length]!.send(this.firstId + next, this.prefix + next, this.tail);
        }
        this.flushCursors(now);
        if (next === this.total) return resolve();
        nap();
        // After the next look at the sockets, however many have something.
        setImmediate(tick);
      };
      setTimeout(tick, Math.max(0, start - performance.now()));
    });
  }

  /** Waits until all is acked, delivered and acknowledged, or until nothing more can be hoped for. */
  private async drain(): Promise<void> {
    const end = performance.now() + (this.order.resilient ? RESILIENT_DRAIN_MS : DRAIN_MS);
    while (performance.now() < end) {
      this.flushCursors(performance.now());
      const answered = this.book.acked + this.refusedCount;
      const settled = answered >= this.total && this.book.arrived >= this.book.acked && this.dirty.length === 0;
      if (settled && this.users.every((user) => user.peerDeliveredSeq >= user.lastAckedSeq)) return;
      await sleep(10);
    }
  }

  acked(id: number, seq: number): void {
    const now = performance.now();
    const index = id - this.firstId;
    if (index < 0 || !this.book.ack(index, seq)) return;
    if (now >= this.countFrom && now < this.countTo) this.ackedInTime++;
    const intended = this.book.intendedAt[index]!;
    if (intended >= this.countFrom) this.ackTimes.record(now - intended);
    const window = Math.floor((intended - this.startedAt) / WINDOW_MS);
    (this.windows[window] ??= new Histogram()).record(now - intended);
  }

  wasRefused(id: number, code: string): void {
    if (id < this.firstId) return;
    this.refused[code] = (this.refused[code] ?? 0) + 1;
    this.refusedCount++;
  }

  /** `clientMsgId` of an event that the other side of the conversation got. Other runs' stragglers are not ours. */
  arrived(clientMsgId: string, seq: number, at: LoadUser): void {
    if (!clientMsgId.startsWith(this.prefix)) return;
    const index = Number(clientMsgId.slice(this.prefix.length));
    const now = performance.now();
    if (this.book.arrive(index, seq)) {
      const intended = this.book.intendedAt[index]!;
      if (intended >= this.countFrom) this.deliveryTimes.record(now - intended);
    }
    if (at.receiptDueAt === 0) {
      at.receiptDueAt = now + DELIVERED_WITHIN_MS;
      this.dirty.push(at);
    }
  }

  private flushCursors(now: number): void {
    let first = 0;
    while (first < this.dirty.length && this.dirty[first]!.receiptDueAt <= now) this.dirty[first++]!.sendReceipt();
    if (first > 0) this.dirty.splice(0, first);
  }
}
