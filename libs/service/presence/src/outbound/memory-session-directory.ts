import {
  type Ended,
  LEASE_MS,
  type LiveSession,
  type NodeTargets,
  SessionDirectory,
  type Whereabouts,
} from '@parley/core-presence';
import type { Clock } from '@parley/kernel';

interface Node {
  id: string;
  seenAt: number;
  sessions: Map<string, Place>;
  conversations: Set<string>;
}

/** One session on one node. Shared by the indexes; nearly every user and session has one. */
interface Place {
  node: Node;
  sessionId: string;
  userId: string;
}

/**
 * The directory of one process. `locate` stands in the path of every message: it touches what is asked for, never all that is there.
 * What a dead node held stays in the indexes until `expire`, and is looked past until then.
 */
export class MemorySessionDirectory extends SessionDirectory {
  private readonly nodes = new Map<string, Node>();
  private readonly byUser = new Map<string, Place[]>();
  private readonly bySession = new Map<string, Place[]>();
  private readonly subscribers = new Map<string, Set<Node>>();

  constructor(private readonly clock: Clock) {
    super();
  }

  async open(nodeId: string, sessions: readonly LiveSession[]): Promise<string[]> {
    const node = this.seen(nodeId);
    const arrived: string[] = [];
    for (const { sessionId, userId } of sessions) {
      if (node.sessions.has(sessionId)) continue;
      if (!this.isOnline(userId)) arrived.push(userId);
      const place: Place = { node, sessionId, userId };
      node.sessions.set(sessionId, place);
      add(this.byUser, userId, place);
      add(this.bySession, sessionId, place);
    }
    return arrived;
  }

  async close(nodeId: string, sessions: readonly LiveSession[]): Promise<Ended> {
    const node = this.nodes.get(nodeId);
    return this.remove(sessions.flatMap(({ sessionId }) => node?.sessions.get(sessionId) ?? []));
  }

  async renew(nodeId: string): Promise<boolean> {
    const node = this.nodes.get(nodeId);
    if (node === undefined || !this.isAlive(node)) return false;
    node.seenAt = this.clock.now();
    return true;
  }

  async expire(): Promise<(Ended & { nodeId: string; seenAt: number })[]> {
    return [...this.nodes.values()]
      .filter((node) => !this.isAlive(node))
      .map((node) => {
        this.nodes.delete(node.id);
        for (const conversationId of node.conversations) this.unsubscribe(node, conversationId);
        return { nodeId: node.id, seenAt: node.seenAt, ...this.remove([...node.sessions.values()]) };
      });
  }

  async locate({ userIds, conversationIds, sessionIds }: Whereabouts): Promise<NodeTargets[]> {
    const found = new Map<Node, NodeTargets>();
    const at = (node: Node): NodeTargets => {
      let targets = found.get(node);
      if (targets === undefined) {
        targets = { nodeId: node.id, userIds: [], conversationIds: [], sessionIds: [] };
        found.set(node, targets);
      }
      return targets;
    };
    for (const userId of userIds) {
      const places = this.byUser.get(userId);
      if (places === undefined) continue;
      if (places.length === 1) at((places[0] as Place).node).userIds.push(userId);
      else for (const node of new Set(places.map((place) => place.node))) at(node).userIds.push(userId);
    }
    for (const sessionId of sessionIds)
      for (const { node } of this.bySession.get(sessionId) ?? []) at(node).sessionIds.push(sessionId);
    for (const conversationId of conversationIds)
      for (const node of this.subscribers.get(conversationId) ?? []) at(node).conversationIds.push(conversationId);
    const targets: NodeTargets[] = [];
    for (const [node, its] of found) if (this.isAlive(node)) targets.push(its);
    return targets;
  }

  async onlineAmong(userIds: readonly string[]): Promise<Set<string>> {
    return new Set(userIds.filter((userId) => this.isOnline(userId)));
  }

  async subscribe(nodeId: string, conversationId: string, subscribed: boolean): Promise<void> {
    if (!subscribed) {
      const known = this.nodes.get(nodeId);
      if (known !== undefined) this.unsubscribe(known, conversationId);
      return;
    }
    const node = this.seen(nodeId);
    node.conversations.add(conversationId);
    const nodes = this.subscribers.get(conversationId);
    if (nodes === undefined) this.subscribers.set(conversationId, new Set([node]));
    else nodes.add(node);
  }

  private seen(nodeId: string): Node {
    let node = this.nodes.get(nodeId);
    if (node === undefined) {
      node = { id: nodeId, seenAt: 0, sessions: new Map(), conversations: new Set() };
      this.nodes.set(nodeId, node);
    }
    node.seenAt = this.clock.now();
    return node;
  }

  private isAlive(node: Node): boolean {
    return this.clock.now() - node.seenAt <= LEASE_MS;
  }

  private isOnline(userId: string): boolean {
    return this.byUser.get(userId)?.some((place) => this.isAlive(place.node)) ?? false;
  }

  private remove(places: readonly Place[]): Ended {
    const ended: Ended = { userIds: [], sessionIds: [] };
    for (const place of places) {
      if (!place.node.sessions.delete(place.sessionId)) continue;
      if (drop(this.byUser, place.userId, place)) ended.userIds.push(place.userId);
      if (drop(this.bySession, place.sessionId, place)) ended.sessionIds.push(place.sessionId);
    }
    return ended;
  }

  private unsubscribe(node: Node, conversationId: string): void {
    node.conversations.delete(conversationId);
    const nodes = this.subscribers.get(conversationId);
    nodes?.delete(node);
    if (nodes?.size === 0) this.subscribers.delete(conversationId);
  }
}

function add(index: Map<string, Place[]>, key: string, place: Place): void {
  const places = index.get(key);
  if (places === undefined) index.set(key, [place]);
  else places.push(place);
}

/** Answers whether the key has no place left because of this. */
function drop(index: Map<string, Place[]>, key: string, place: Place): boolean {
  const rest = (index.get(key) ?? []).filter((other) => other !== place);
  if (rest.length > 0) index.set(key, rest);
  else index.delete(key);
  return rest.length === 0;
}
