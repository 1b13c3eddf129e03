import type { Clock } from '@parley/kernel';
import type { LiveSession } from '../domain/presence-state.js';
import {
  type Departed,
  type Ended,
  GRACE_MS,
  LEASE_MS,
  type Located,
  type Opened,
  SessionDirectory,
  SETTLED_MS,
  type Whereabouts,
} from '../ports/session-directory.js';

interface Lease {
  id: string;
  nodeId: string;
  seenAt: number;
  settledAt: number;
}

interface Entry extends LiveSession {
  lease: Lease;
}

/** The directory for tests: lists, looked through from end to end. */
export class InMemorySessionDirectory extends SessionDirectory {
  private entries: Entry[] = [];
  private subscriptions: { lease: Lease; conversationId: string }[] = [];
  private leases: Lease[] = [];
  private readonly grace = new Map<string, { until: number; lastSeenAt: number }>();
  private begun = 0;

  constructor(private readonly clock: Clock) {
    super();
  }

  /** As when the engine behind it lost everything. */
  lose(): void {
    this.entries = [];
    this.subscriptions = [];
    this.leases = [];
    this.grace.clear();
  }

  async open(nodeId: string, sessions: readonly LiveSession[]): Promise<Opened> {
    const lease = this.lease(nodeId);
    const before = new Set([...this.entries.map((entry) => entry.userId), ...this.grace.keys()]);
    for (const { sessionId, userId } of sessions) {
      this.grace.delete(userId);
      if (!this.entries.some((entry) => entry.lease === lease && entry.sessionId === sessionId))
        this.entries.push({ lease, sessionId, userId });
    }
    const arrived = [...new Set(sessions.map(({ userId }) => userId))].filter((id) => !before.has(id));
    return { arrived, lease: lease.id };
  }

  async close(nodeId: string, sessions: readonly LiveSession[]): Promise<Ended> {
    const ids = new Set(sessions.map(({ sessionId }) => sessionId));
    const mine = (entry: Entry) => entry.lease.nodeId === nodeId && this.alive(entry.lease) && ids.has(entry.sessionId);
    return this.remove(mine, this.clock.now());
  }

  async renew(nodeId: string, told: string): Promise<string> {
    const lease = this.lease(nodeId);
    if (told === lease.id) lease.settledAt = this.clock.now();
    return lease.id;
  }

  async expire(): Promise<(Ended & { nodeId: string; seenAt: number })[]> {
    const over = this.leases.filter((lease) => !this.alive(lease));
    this.leases = this.leases.filter((lease) => this.alive(lease));
    return over.map((lease) => {
      this.subscriptions = this.subscriptions.filter((one) => one.lease !== lease);
      const ended = this.remove((entry) => entry.lease === lease, lease.seenAt);
      return { nodeId: lease.nodeId, seenAt: lease.seenAt, ...ended };
    });
  }

  async departed(): Promise<Departed[]> {
    const over = [...this.grace].filter(([, { until }]) => until <= this.clock.now());
    for (const [userId] of over) this.grace.delete(userId);
    return over.map(([userId, { lastSeenAt }]) => ({ userId, lastSeenAt }));
  }

  async locate(whom: Whereabouts): Promise<Located> {
    const alive = this.leases.filter((lease) => this.alive(lease));
    const nodes = alive
      .map((lease) => {
        const here = this.entries.filter((entry) => entry.lease === lease);
        const subscribed = this.subscriptions.filter((one) => one.lease === lease);
        return {
          nodeId: lease.nodeId,
          userIds: whom.userIds.filter((id) => here.some((entry) => entry.userId === id)),
          sessionIds: whom.sessionIds.filter((id) => here.some((entry) => entry.sessionId === id)),
          conversationIds: whom.conversationIds.filter((id) => subscribed.some((one) => one.conversationId === id)),
        };
      })
      .filter((node) => node.userIds.length + node.sessionIds.length + node.conversationIds.length > 0);
    const settledNodeIds = alive
      .filter((lease) => this.clock.now() - lease.settledAt <= SETTLED_MS)
      .map((lease) => lease.nodeId)
      .sort();
    return { nodes, settledNodeIds, roster: settledNodeIds.join(' ') };
  }

  async onlineAmong(userIds: readonly string[]): Promise<Set<string>> {
    return new Set(userIds.filter((id) => this.grace.has(id) || this.entries.some((entry) => entry.userId === id)));
  }

  async subscribe(nodeId: string, conversationIds: readonly string[], subscribed: boolean): Promise<string> {
    const here = this.leases.find((lease) => lease.nodeId === nodeId && this.alive(lease));
    const lease = subscribed ? this.lease(nodeId) : here;
    this.subscriptions = this.subscriptions.filter(
      (one) => one.lease !== lease || !conversationIds.includes(one.conversationId),
    );
    if (lease === undefined || !subscribed) return '';
    for (const conversationId of conversationIds) this.subscriptions.push({ lease, conversationId });
    return lease.id;
  }

  private alive(lease: Lease): boolean {
    return this.clock.now() - lease.seenAt <= LEASE_MS;
  }

  private lease(nodeId: string): Lease {
    let lease = this.leases.find((one) => one.nodeId === nodeId && this.alive(one));
    if (lease === undefined) {
      this.begun += 1;
      lease = { id: `lease-${this.begun}`, nodeId, seenAt: 0, settledAt: 0 };
      this.leases.push(lease);
    }
    lease.seenAt = this.clock.now();
    return lease;
  }

  private remove(gone: (entry: Entry) => boolean, lastSeenAt: number): Ended {
    const removed = this.entries.filter(gone);
    this.entries = this.entries.filter((entry) => !gone(entry));
    const left = (of: 'userId' | 'sessionId') =>
      [...new Set(removed.map((entry) => entry[of]))].filter((id) => !this.entries.some((entry) => entry[of] === id));
    const ended = { userIds: left('userId'), sessionIds: left('sessionId') };
    for (const userId of ended.userIds) this.grace.set(userId, { until: this.clock.now() + GRACE_MS, lastSeenAt });
    return ended;
  }
}
