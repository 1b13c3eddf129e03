import type { Missed } from '../domain/missed.js';
import type { Delivery } from '../domain/outgoing.js';

export interface NodeCall {
  deliveries: Delivery[];
  /** Names the process behind the node, as of its last answer; empty in the first call. Another process takes nothing. */
  process: string;
  /** For whom something was dropped: told until a call has arrived. */
  missed: Missed | undefined;
  /** By the clock that `missed` was written down with. */
  now: number;
}

/** The gateway nodes, one by one. */
export abstract class GatewayNodes {
  /**
   * Hands events to the node's sockets, in order. Answers how many sockets took each, and the process that answered. At most once per
   * call; fails within a few seconds when the node does not answer, and may have arrived then or arrive later.
   */
  abstract deliver(nodeId: string, call: NodeCall): Promise<{ sockets: readonly number[]; process: string }>;
}
