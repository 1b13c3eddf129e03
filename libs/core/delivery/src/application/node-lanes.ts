import type { Delivery } from '../domain/outgoing.js';
import type { GatewayNodes } from '../ports/gateway-nodes.js';
import { type LaneLimits, NodeLane } from './node-lane.js';

const LIMITS: LaneLimits = {
  maxParked: 20_000,
  firstPauseMs: 100,
  lastPauseMs: 2000,
  giveUpMs: 30_000,
  freshMs: 2000,
  forgetMs: 20 * 60_000,
  maxCall: 4 * 1024 * 1024,
};

/**
 * One lane per gateway node. A node that fails holds up nobody: its deliveries wait and are tried again in the background, still in
 * order, and `send` answers at once that no socket took them. What is dropped at last, the node's clients are sent to ask for.
 */
export class NodeLanes {
  private readonly lanes = new Map<string, NodeLane>();

  constructor(
    private readonly nodes: GatewayNodes,
    /** Milliseconds since some moment; never goes back, and goes on while the process is stopped. */
    private readonly elapsed: () => number,
    private readonly limits: LaneLimits = LIMITS,
  ) {}

  /** Answers how many sockets took each; zeros when the node does not answer. Never rejects. */
  send(nodeId: string, deliveries: Delivery[]): Promise<readonly number[]> {
    let lane = this.lanes.get(nodeId);
    if (lane === undefined) {
      const forget = () => void this.lanes.delete(nodeId);
      lane = new NodeLane((call) => this.nodes.deliver(nodeId, call), this.elapsed, this.limits, forget);
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

  /** Ends retries; what waits is dropped. */
  stop(): void {
    for (const lane of this.lanes.values()) lane.stop();
  }
}
