import type { Delivery } from '../domain/outgoing.js';

/** The gateway nodes, one by one. */
export abstract class GatewayNodes {
  /**
   * Hands events to the node's sockets, in order. Answers how many sockets took each. At most once per call; fails within a few
   * seconds when the node does not answer.
   */
  abstract deliver(nodeId: string, deliveries: Delivery[]): Promise<readonly number[]>;
}
