import type { Clock } from '@parley/kernel';
import type { LiveSession } from '../domain/presence-state.js';
import {
  type Ended,
  LEASE_MS,
  type NodeTargets,
  SessionDirectory,
  type Whereabouts,
} from '../ports/session-directory.js';

interface Entry extends LiveSession {
  nodeId: string;
}

/** The directory for tests: one list, looked through from end to end. */
export class InMemorySessionDirectory extends SessionDirectory {
  private entries: Entry[] = [];
  private subscriptions: { nodeId: string; conversationId: string }[] = [];
  private readonly seenAt = new Map<string, number>();

  constructor(private readonly clock: Clock) {
    super();
  }

  async open(nodeId: string, sessions: readonly LiveSession[]): Promise<string[]> {
    this.seenAt.set(nodeId, this.clock.now());
    const before = this.users();
    for (const { sessionId, userId } of sessions)
      if (!this.entries.some((entry) => entry.nodeId === nodeId && entry.sessionId === sessionId))
        this.entries.push({ nodeId, sessionId, userId });
    return [...new Set(sessions.map(({ userId }) => userId))].filter((id) => !before.has(id));
  }

  async close(nodeId: string, sessions: readonly LiveSession[]): Promise<Ended> {
    const ids = new Set(sessions.map(({ sessionId }) => sessionId));
    return this.remove((entry) => entry.nodeId === nodeId && ids.has(entry.sessionId));
  }

  async renew(nodeId: string): Promise<boolean> {
    if (!this.alive(nodeId)) return false;
    this.seenAt.set(nodeId, this.clock.now());
    return true;
  }

  async expire(): Promise<(Ended & { nodeId: string; seenAt: number })[]> {
    return [...this.seenAt]
      .filter(([nodeId]) => !this.alive(nodeId))
      .map(([nodeId, seenAt]) => {
        this.seenAt.delete(nodeId);
        this.subscriptions = this.subscriptions.filter((one) => one.nodeId !== nodeId);
        return { nodeId, seenAt, ...this.remove((entry) => entry.nodeId === nodeId) };
      });
  }

  async locate(whom: Whereabouts): Promise<NodeTargets[]> {
    const nodes = [...this.seenAt.keys()].filter((nodeId) => this.alive(nodeId));
    return nodes
      .map((nodeId) => {
        const here = this.entries.filter((entry) => entry.nodeId === nodeId);
        const subscribed = this.subscriptions.filter((one) => one.nodeId === nodeId);
        return {
          nodeId,
          userIds: whom.userIds.filter((id) => here.some((entry) => entry.userId === id)),
          sessionIds: whom.sessionIds.filter((id) => here.some((entry) => entry.sessionId === id)),
          conversationIds: whom.conversationIds.filter((id) => subscribed.some((one) => one.conversationId === id)),
        };
      })
      .filter((node) => node.userIds.length + node.sessionIds.length + node.conversationIds.length > 0);
  }

  async onlineAmong(userIds: readonly string[]): Promise<Set<string>> {
    const online = this.users();
    return new Set(userIds.filter((id) => online.has(id)));
  }

  async subscribe(nodeId: string, conversationId: string, subscribed: boolean): Promise<void> {
    this.subscriptions = this.subscriptions.filter(
      (one) => one.nodeId !== nodeId || one.conversationId !== conversationId,
    );
    if (!subscribed) return;
    this.seenAt.set(nodeId, this.clock.now());
    this.subscriptions.push({ nodeId, conversationId });
  }

  private alive(nodeId: string): boolean {
    const seenAt = this.seenAt.get(nodeId);
    return seenAt !== undefined && this.clock.now() - seenAt <= LEASE_MS;
  }

  private users(): Set<string> {
    return new Set(this.entries.filter((entry) => this.alive(entry.nodeId)).map((entry) => entry.userId));
  }

  private remove(gone: (entry: Entry) => boolean): Ended {
    const removed = this.entries.filter(gone);
    this.entries = this.entries.filter((entry) => !gone(entry));
    const left = (of: 'userId' | 'sessionId') =>
      [...new Set(removed.map((entry) => entry[of]))].filter((id) => !this.entries.some((entry) => entry[of] === id));
    return { userIds: left('userId'), sessionIds: left('sessionId') };
  }
}
