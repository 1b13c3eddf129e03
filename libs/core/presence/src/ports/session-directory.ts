import type { LiveSession } from '../domain/presence-state.js';

export interface Whereabouts {
  userIds: readonly string[];
  conversationIds: readonly string[];
  sessionIds: readonly string[];
}

export interface NodeTargets {
  nodeId: string;
  userIds: string[];
  conversationIds: string[];
  sessionIds: string[];
}

/** What a close or the end of a lease has ended. */
export interface Ended {
  /** Users without a live session now. */
  userIds: string[];
  /** Sessions that live nowhere now. */
  sessionIds: string[];
}

/** How long a node counts without a sign of life. */
export const LEASE_MS = 30_000;

/**
 * Which node holds which sessions of which user, and which nodes have subscribers of a conversation. A node that has not called for
 * `LEASE_MS` counts as gone: nothing of it is located any more. A session may live on two nodes while it moves.
 */
export abstract class SessionDirectory {
  /** Idempotent. Begins or renews the node's lease. Answers the users that had no live session before. */
  abstract open(nodeId: string, sessions: readonly LiveSession[]): Promise<string[]>;
  /** Idempotent; sessions of an unknown node are none. */
  abstract close(nodeId: string, sessions: readonly LiveSession[]): Promise<Ended>;
  /** False when the node is not known (any more): it opens its sessions anew. */
  abstract renew(nodeId: string): Promise<boolean>;
  /** Forgets the nodes whose lease has ended. `seenAt` is their last sign of life, in ms since the epoch. Each is answered once. */
  abstract expire(): Promise<(Ended & { nodeId: string; seenAt: number })[]>;
  /** Nodes that hold something of what is asked, each with just that. */
  abstract locate(whom: Whereabouts): Promise<NodeTargets[]>;
  abstract onlineAmong(userIds: readonly string[]): Promise<Set<string>>;
  /** Idempotent. Begins or renews the node's lease when `subscribed`. */
  abstract subscribe(nodeId: string, conversationId: string, subscribed: boolean): Promise<void>;
}
