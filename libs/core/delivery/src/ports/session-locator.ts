export interface Whereabouts {
  userIds: readonly string[];
  /** Conversations whose subscribers are wanted. */
  conversationIds: readonly string[];
  sessionIds: readonly string[];
}

export interface NodeTargets {
  nodeId: string;
  userIds: readonly string[];
  conversationIds: readonly string[];
  sessionIds: readonly string[];
}

/** Where live sessions are. */
export abstract class SessionLocator {
  /** Names each node with what it holds of the asked; users without a live session appear nowhere. Throws `server.unavailable`. */
  abstract locate(whom: Whereabouts): Promise<readonly NodeTargets[]>;
}
