import type { Delivery } from '../domain/outgoing.js';
import type { GatewayNodes } from '../ports/gateway-nodes.js';

export interface LaneLimits {
  /** Deliveries that may wait for a node that does not answer; beyond, the oldest are dropped. */
  maxParked: number;
  firstPauseMs: number;
  lastPauseMs: number;
  /** A node silent for this long is given up: its lease ends, and its clients come back elsewhere and ask for what they missed. */
  giveUpMs: number;
}

const LIMITS: LaneLimits = { maxParked: 20_000, firstPauseMs: 100, lastPauseMs: 2000, giveUpMs: 30_000 };

interface Waiting {
  deliveries: Delivery[];
  resolve: (sockets: readonly number[]) => void;
}

/**
 * One lane per gateway node. ORDER: one call at a time per node, in order of `send`; what comes meanwhile leaves together.
 * A node that fails holds up nobody: its deliveries are parked and tried again in the background, still in order, and `send` answers
 * at once that no socket took them. Push is best effort; what is dropped here a client gets by its gap fill.
 */
export class NodeLanes {
  private readonly lanes = new Map<string, NodeLane>();

  constructor(
    private readonly nodes: GatewayNodes,
    private readonly limits: LaneLimits = LIMITS,
  ) {}

  /** Answers how many sockets took each; zeros when the node does not answer. Never rejects. */
  send(nodeId: string, deliveries: Delivery[]): Promise<readonly number[]> {
    let lane = this.lanes.get(nodeId);
    if (lane === undefined) {
      lane = new NodeLane(
        (batch) => this.nodes.deliver(nodeId, batch),
        this.limits,
        () => this.lanes.delete(nodeId),
      );
      this.lanes.set(nodeId, lane);
    }
    return lane.send(deliveries);
  }

  /** Deliveries waiting, over all nodes. */
  get depth(): number {
    let depth = 0;
    for (const lane of this.lanes.values()) depth += lane.depth;
    return depth;
  }

  /** Of these, the ones for nodes that do not answer. */
  get parked(): number {
    let parked = 0;
    for (const lane of this.lanes.values()) parked += lane.parkedCount;
    return parked;
  }

  /** Ends retries; what is parked is dropped. */
  stop(): void {
    for (const lane of this.lanes.values()) lane.stop();
  }
}

class NodeLane {
  private waiting: Waiting[] = [];
  private parked: Delivery[] = [];
  private running = false;
  private silentMs = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly deliver: (deliveries: Delivery[]) => Promise<readonly number[]>,
    private readonly limits: LaneLimits,
    private readonly onGivenUp: () => void,
  ) {}

  get depth(): number {
    return this.waiting.reduce((sum, { deliveries }) => sum + deliveries.length, this.parked.length);
  }

  get parkedCount(): number {
    return this.parked.length;
  }

  send(deliveries: Delivery[]): Promise<readonly number[]> {
    if (this.parked.length > 0) {
      this.park(deliveries);
      return Promise.resolve(deliveries.map(() => 0));
    }
    return new Promise((resolve) => {
      this.waiting.push({ deliveries, resolve });
      if (!this.running) void this.run();
    });
  }

  stop(): void {
    clearTimeout(this.timer);
    this.parked = [];
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting;
      this.waiting = [];
      const deliveries = batch.length === 1 ? (batch[0] as Waiting).deliveries : batch.flatMap((one) => one.deliveries);
      try {
        const sockets = await this.deliver(deliveries);
        let at = 0;
        for (const one of batch) one.resolve(sockets.slice(at, (at += one.deliveries.length)));
      } catch {
        this.park(deliveries);
        for (const one of this.waiting) this.park(one.deliveries);
        for (const one of [...batch, ...this.waiting]) one.resolve(one.deliveries.map(() => 0));
        this.waiting = [];
        this.retryAfter(this.limits.firstPauseMs);
      }
    }
    this.running = false;
  }

  private park(deliveries: Delivery[]): void {
    for (const delivery of deliveries) this.parked.push(delivery);
    if (this.parked.length > this.limits.maxParked) this.parked.splice(0, this.parked.length - this.limits.maxParked);
  }

  private retryAfter(pauseMs: number): void {
    this.silentMs += pauseMs;
    if (this.silentMs > this.limits.giveUpMs) {
      this.stop();
      this.onGivenUp();
      return;
    }
    this.timer = setTimeout(() => void this.retry(pauseMs), pauseMs);
  }

  private async retry(pauseMs: number): Promise<void> {
    while (this.parked.length > 0) {
      // A copy: what is parked during the call must not be taken for delivered.
      const batch = this.parked.slice(0, 1000);
      try {
        await this.deliver(batch);
      } catch {
        return this.retryAfter(Math.min(pauseMs * 2, this.limits.lastPauseMs));
      }
      const last = this.parked.indexOf(batch.at(-1) as Delivery);
      this.parked.splice(0, last + 1);
    }
    this.silentMs = 0;
  }
}
