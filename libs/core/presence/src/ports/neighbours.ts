/** Who may see whom: asked of the conversation service. */
export abstract class VisibleUsers {
  /** Those of the users whose presence the acting user may see. Throws `server.unavailable`: what cannot be known is not shown. */
  abstract among(actorId: string, userIds: readonly string[]): Promise<string[]>;
}

export interface MemberCheck {
  isMember: boolean;
  maySend: boolean;
  memberCount: number;
}

/** Who is in a conversation: asked of the message service, which enforces it. */
export abstract class Membership {
  abstract check(conversationId: string, userId: string): Promise<MemberCheck>;
}

export interface SessionPush {
  /** All sessions of these. */
  userIds: readonly string[];
  sessionIds: readonly string[];
  /** Members of this conversation; empty for none. */
  conversationId: string;
  exceptUserIds: readonly string[];
  event: string;
  payloadJson: string;
}

/** Pushes to live sessions, through delivery. Best effort, in order. */
export abstract class SessionPusher {
  /** Rejects when delivery does not answer. */
  abstract push(pushes: readonly SessionPush[]): Promise<void>;
}
