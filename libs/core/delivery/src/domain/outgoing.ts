/** One socket event for many, before it is known where they are. */
export interface Outgoing {
  userIds: readonly string[];
  sessionIds: readonly string[];
  /** Sockets that subscribed to this conversation; empty for none. */
  subscribersOf: string;
  exceptUserIds: readonly string[];
  exceptSessionId: string;
  event: string;
  payloadJson: string;
  /** The conversation it is about; empty for none. */
  conversationId: string;
  /** The users are who was in that conversation after this event of its log: whoever came or went later must not get it (G12). */
  membersSeq: number;
  /** Only to subscribers who joined after this event, and only to those who joined until that one; 0: all. */
  joinedAfter: number;
  joinedUntil: number;
}

/** The same for the sockets of one gateway node. */
export interface Delivery {
  userIds: string[];
  sessionIds: string[];
  subscribersOf: string;
  exceptUserIds: string[];
  exceptSessionId: string;
  event: string;
  payloadJson: string;
  conversationId: string;
  membersSeq: number;
  joinedAfter: number;
  joinedUntil: number;
}

const NOBODY: readonly string[] = [];

export function toUsers(
  userIds: readonly string[],
  event: string,
  payloadJson: string,
  conversationId = '',
  membersSeq = 0,
): Outgoing {
  return {
    userIds,
    sessionIds: NOBODY,
    subscribersOf: '',
    exceptUserIds: NOBODY,
    exceptSessionId: '',
    event,
    payloadJson,
    conversationId,
    membersSeq,
    joinedAfter: 0,
    joinedUntil: 0,
  };
}
