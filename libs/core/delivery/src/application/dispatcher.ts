import type { Delivery, Outgoing } from '../domain/outgoing.js';
import type { NodeTargets, SessionLocator } from '../ports/session-locator.js';
import type { NodeLanes } from './node-lanes.js';

/** What goes to one node, and which of the outgoing each delivery came from. */
interface NodeBatch {
  deliveries: Delivery[];
  origins: number[];
}

/** Which nodes hold a user, a session or a conversation's subscribers: nearly always one. */
type Index = Map<string, number[]>;

/** Finds the nodes with one question for a whole batch and hands each node its part with one call. */
export class Dispatcher {
  constructor(
    private readonly locator: SessionLocator,
    private readonly lanes: NodeLanes,
  ) {}

  /** Answers how many sockets took each. Rejects when it cannot be known where anybody is. */
  async dispatch(outgoing: readonly Outgoing[]): Promise<number[]> {
    const counts = outgoing.map(() => 0);
    if (outgoing.length === 0) return counts;
    const nodes = await this.locator.locate(whereabouts(outgoing));
    const batches = new Map<number, NodeBatch>();
    const users = indexOf(nodes, (node) => node.userIds);
    const sessions = indexOf(nodes, (node) => node.sessionIds);
    const subscribers = indexOf(nodes, (node) => node.conversationIds);

    for (const [origin, out] of outgoing.entries()) {
      const here = new Map<number, Delivery>();
      const at = (node: number): Delivery => {
        let delivery = here.get(node);
        if (delivery === undefined) {
          delivery = emptyDelivery(out);
          here.set(node, delivery);
        }
        return delivery;
      };
      const except = out.exceptUserIds;
      for (const userId of out.userIds)
        if (except.length === 0 || !except.includes(userId))
          for (const node of users.get(userId) ?? []) at(node).userIds.push(userId);
      for (const sessionId of out.sessionIds)
        for (const node of sessions.get(sessionId) ?? []) at(node).sessionIds.push(sessionId);
      if (out.subscribersOf !== '')
        for (const node of subscribers.get(out.subscribersOf) ?? []) at(node).subscribersOf = out.subscribersOf;
      for (const [node, delivery] of here) {
        let batch = batches.get(node);
        if (batch === undefined) batches.set(node, (batch = { deliveries: [], origins: [] }));
        batch.deliveries.push(delivery);
        batch.origins.push(origin);
      }
    }

    await Promise.all(
      [...batches].map(async ([node, { deliveries, origins }]) => {
        const sockets = await this.lanes.send((nodes[node] as NodeTargets).nodeId, deliveries);
        for (const [index, origin] of origins.entries()) counts[origin] = (counts[origin] ?? 0) + (sockets[index] ?? 0);
      }),
    );
    return counts;
  }
}

function whereabouts(outgoing: readonly Outgoing[]) {
  const userIds = new Set<string>();
  const sessionIds = new Set<string>();
  const conversationIds = new Set<string>();
  for (const out of outgoing) {
    for (const userId of out.userIds) userIds.add(userId);
    for (const sessionId of out.sessionIds) sessionIds.add(sessionId);
    if (out.subscribersOf !== '') conversationIds.add(out.subscribersOf);
  }
  return { userIds: [...userIds], sessionIds: [...sessionIds], conversationIds: [...conversationIds] };
}

function indexOf(nodes: readonly NodeTargets[], part: (node: NodeTargets) => readonly string[]): Index {
  const index: Index = new Map();
  for (const [position, node] of nodes.entries()) {
    // Shared by all that are on this node only.
    const alone = [position];
    for (const id of part(node)) {
      const others = index.get(id);
      index.set(id, others === undefined ? alone : [...others, position]);
    }
  }
  return index;
}

function emptyDelivery(out: Outgoing): Delivery {
  return {
    userIds: [],
    sessionIds: [],
    subscribersOf: '',
    exceptUserIds: [...out.exceptUserIds],
    exceptSessionId: out.exceptSessionId,
    event: out.event,
    payloadJson: out.payloadJson,
    conversationId: out.conversationId,
    membersSeq: out.membersSeq,
    joinedAfter: out.joinedAfter,
    joinedUntil: out.joinedUntil,
  };
}
