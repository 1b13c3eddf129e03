import {
  type Departed,
  type Ended,
  GRACE_MS,
  LEASE_MS,
  type LiveSession,
  type Located,
  type NodeTargets,
  type Opened,
  SessionDirectory,
  SETTLED_MS,
  type Whereabouts,
} from '@parley/core-presence';
import type { Clock } from '@parley/kernel';
import { randomBytes } from 'node:crypto';

/** One lease of a node and what was told under it. */
interface Lease {
  id: string;
  nodeId: string;
  seenAt: number;
  settledAt: number;
  sessions: Map<string, Place>;
  conversations: Set<string>;
}

/** One session on one node. Shared by the indexes; nearly every user and session has one. */
interface Place {
  lease: Lease;
  sessionId: string;
  userId: string;
}

/**
 * The directory of one process. `locate` stands in the path of every message: it touches what is asked for, never all that is there.
 * What was told under a lease that has ended stays in the indexes until `expire`, and is looked past until then.
 */
export class MemorySessionDirectory extends SessionDirectory {
  private readonly nodes = new Map<string, Lease>();
  private over: Lease[] = [];
  private readonly byUser = new Map<string, Place[]>();
  private readonly bySession = new Map<string, Place[]>();
  private readonly subscribers = new Map<string, Set<Lease>>();
  /** Users who left, in the order in which their grace ends. */
  private readonly grace = new Map<string, { until: number; lastSeenAt: number }>();
  /** Of this process: a node must not take a new lease for the one that it had with the process before. */
  private readonly salt = randomBytes(6).toString('base64url');
  private begun = 0;

  constructor(private readonly clock: Clock) {
    super();
  }

  async open(nodeId: string, sessions: readonly LiveSession[]): Promise<Opened> {
    const lease = this.lease(nodeId);
    const arrived: string[] = [];
    for (const { sessionId, userId } of sessions) {
      if (lease.sessions.has(sessionId)) continue;
      if (!this.grace.delete(userId) && !this.byUser.has(userId)) arrived.push(userId);
      const place: Place = { lease, sessionId, userId };
      lease.sessions.set(sessionId, place);
      add(this.byUser, userId, place);
      add(this.bySession, sessionId, place);
    }
    return { arrived, lease: lease.id };
  }

  async close(nodeId: string, sessions: readonly LiveSession[]): Promise<Ended> {
    const lease = this.nodes.get(nodeId);
    return this.remove(
      sessions.flatMap(({ sessionId }) => lease?.sessions.get(sessionId) ?? []),
      this.clock.now(),
    );
  }

  async renew(nodeId: string, told: string): Promise<string> {
    const lease = this.lease(nodeId);
    if (told === lease.id) lease.settledAt = this.clock.now();
    return lease.id;
  }

  async expire(): Promise<(Ended & { nodeId: string; seenAt: number })[]> {
    for (const lease of this.nodes.values()) if (!this.isAlive(lease)) this.end(lease);
    return this.over.splice(0).map((lease) => {
      for (const conversationId of lease.conversations) this.unsubscribe(lease, conversationId);
      const { nodeId, seenAt } = lease;
      return { nodeId, seenAt, ...this.remove([...lease.sessions.values()], seenAt) };
    });
  }

  async departed(): Promise<Departed[]> {
    const now = this.clock.now();
    const gone: Departed[] = [];
    for (const [userId, { until, lastSeenAt }] of this.grace) {
      if (until > now) break;
      this.grace.delete(userId);
      gone.push({ userId, lastSeenAt });
    }
    return gone;
  }

  async locate({ userIds, conversationIds, sessionIds }: Whereabouts): Promise<Located> {
    const found = new Map<Lease, NodeTargets>();
    const at = (lease: Lease): NodeTargets => {
      let targets = found.get(lease);
      if (targets === undefined) {
        targets = { nodeId: lease.nodeId, userIds: [], conversationIds: [], sessionIds: [] };
        found.set(lease, targets);
      }
      return targets;
    };
    for (const userId of userIds) {
      const places = this.byUser.get(userId);
      if (places === undefined) continue;
      if (places.length === 1) at((places[0] as Place).lease).userIds.push(userId);
      else for (const lease of new Set(places.map((place) => place.lease))) at(lease).userIds.push(userId);
    }
    for (const sessionId of sessionIds)
      for (const { lease } of this.bySession.get(sessionId) ?? []) at(lease).sessionIds.push(sessionId);
    for (const conversationId of conversationIds)
      for (const lease of this.subscribers.get(conversationId) ?? []) at(lease).conversationIds.push(conversationId);
    const nodes: NodeTargets[] = [];
    for (const [lease, its] of found) if (this.isAlive(lease)) nodes.push(its);
    const settledNodeIds = this.settled();
    return { nodes, settledNodeIds, roster: settledNodeIds.join(' ') };
  }

  async onlineAmong(userIds: readonly string[]): Promise<Set<string>> {
    return new Set(userIds.filter((userId) => this.byUser.has(userId) || this.grace.has(userId)));
  }

  async subscribe(nodeId: string, conversationIds: readonly string[], subscribed: boolean): Promise<string> {
    if (!subscribed) {
      const known = this.nodes.get(nodeId);
      if (known !== undefined) for (const id of conversationIds) this.unsubscribe(known, id);
      return '';
    }
    const lease = this.lease(nodeId);
    for (const conversationId of conversationIds) {
      lease.conversations.add(conversationId);
      const leases = this.subscribers.get(conversationId);
      if (leases === undefined) this.subscribers.set(conversationId, new Set([lease]));
      else leases.add(lease);
    }
    return lease.id;
  }

  private lease(nodeId: string): Lease {
    let lease = this.nodes.get(nodeId);
    if (lease !== undefined && !this.isAlive(lease)) {
      this.end(lease);
      lease = undefined;
    }
    if (lease === undefined) {
      this.begun += 1;
      lease = {
        id: `${this.salt}-${this.begun}`,
        nodeId,
        seenAt: 0,
        settledAt: 0,
        sessions: new Map(),
        conversations: new Set(),
      };
      this.nodes.set(nodeId, lease);
    }
    lease.seenAt = this.clock.now();
    return lease;
  }

  private end(lease: Lease): void {
    this.nodes.delete(lease.nodeId);
    this.over.push(lease);
  }

  private isAlive(lease: Lease): boolean {
    return this.clock.now() - lease.seenAt <= LEASE_MS;
  }

  private settled(): string[] {
    const now = this.clock.now();
    const ids: string[] = [];
    for (const lease of this.nodes.values())
      if (this.isAlive(lease) && now - lease.settledAt <= SETTLED_MS) ids.push(lease.nodeId);
    return ids.sort();
  }

  private remove(places: readonly Place[], lastSeenAt: number): Ended {
    const ended: Ended = { userIds: [], sessionIds: [] };
    for (const place of places) {
      if (!place.lease.sessions.delete(place.sessionId)) continue;
      if (drop(this.byUser, place.userId, place)) ended.userIds.push(place.userId);
      if (drop(this.bySession, place.sessionId, place)) ended.sessionIds.push(place.sessionId);
    }
    const until = this.clock.now() + GRACE_MS;
    for (const userId of ended.userIds) this.grace.set(userId, { until, lastSeenAt });
    return ended;
  }

  private unsubscribe(lease: Lease, conversationId: string): void {
    lease.conversations.delete(conversationId);
    const leases = this.subscribers.get(conversationId);
    leases?.delete(lease);
    if (leases?.size === 0) this.subscribers.delete(conversationId);
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
