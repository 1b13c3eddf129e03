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

export interface Located {
  nodes: NodeTargets[];
  /** Names the set of settled nodes. The same name is the same set, whichever instance answers. */
  roster: string;
  /**
   * Nodes that said within `SETTLED_MS` that they have told everything they hold. Who is not found may be on any other node: after a
   * loss of the directory, all of them.
   */
  settledNodeIds: readonly string[];
}

export interface Opened {
  /** Users who were not online before. */
  arrived: string[];
  lease: string;
}

/** What a close or the end of a lease has ended. */
export interface Ended {
  /** Users without a live session now. */
  userIds: string[];
  /** Sessions that live nowhere now. */
  sessionIds: string[];
}

export interface Departed {
  userId: string;
  /** Milliseconds since the epoch. */
  lastSeenAt: number;
}

/** How long a node counts without a sign of life. */
export const LEASE_MS = 30_000;
/** How long its word that it has told everything counts. */
export const SETTLED_MS = 8000;
/** A user whose last session ended counts as online for this long: a reconnect is no change. */
export const GRACE_MS = 2000;

/**
 * Which node holds which sessions of which user, and which nodes have subscribers of a conversation. A node that has not called for
 * `LEASE_MS` counts as gone: nothing of it is located any more. A session may live on two nodes while it moves.
 *
 * May be lost at any time, all at once. A node learns it from its lease: the answer names another one than before, and what was told
 * under the one before is forgotten. All methods throw `server.unavailable`; what was asked may have happened then.
 */
export abstract class SessionDirectory {
  /** Idempotent. Begins or renews the node's lease. */
  abstract open(nodeId: string, sessions: readonly LiveSession[]): Promise<Opened>;
  /** Idempotent; sessions of an unknown node are none. Users it leaves without a session begin their grace. */
  abstract close(nodeId: string, sessions: readonly LiveSession[]): Promise<Ended>;
  /**
   * Begins or renews the node's lease and answers it.
   * @param told the lease under which the node has told everything it holds, empty for none: it is settled if that is in force.
   */
  abstract renew(nodeId: string, told: string): Promise<string>;
  /** Forgets what was held under leases that have ended. `seenAt` is the last sign of life, in ms since the epoch. Each is answered once. */
  abstract expire(): Promise<(Ended & { nodeId: string; seenAt: number })[]>;
  /** Users whose grace has ended, who are offline from now on. Each is answered once. */
  abstract departed(): Promise<Departed[]>;
  /** Nodes that hold something of what is asked, each with just that. */
  abstract locate(whom: Whereabouts): Promise<Located>;
  /** Who counts as online: from the answer of `open` that names them until the one of `departed`. */
  abstract onlineAmong(userIds: readonly string[]): Promise<Set<string>>;
  /** Idempotent. Begins or renews the node's lease and answers it when `subscribed`. */
  abstract subscribe(nodeId: string, conversationIds: readonly string[], subscribed: boolean): Promise<string>;
}
