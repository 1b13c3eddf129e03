/** What the flows read out of answers: the part of the public shapes that they name. The whole shape is checked against the contract. */
export interface User {
  userId: string;
  username?: string;
  displayName: string;
  kind: string;
}

export interface Session {
  sessionId: string;
  deviceId: string;
}

export interface Opened {
  user: User;
  session: Session;
  accessToken: string;
  accessTokenExpiresAt: string;
  refreshToken: string;
  refreshTokenExpiresAt: string;
}

export interface Conversation {
  conversationId: string;
  kind: string;
  title?: string;
  memberCount: number;
  headSeq: number;
  epoch: string;
  role?: string;
  readSeq: number;
  deliveredSeq: number;
  unreadCount: number;
  mentionCount: number;
  lastMessage?: Message;
}

export interface Sent {
  messageId: string;
  seq: number;
  sentAt: string;
}

export interface Message {
  messageId: string;
  conversationId: string;
  seq: number;
  clientMsgId: string;
  senderId: string;
  type: string;
  content?: Record<string, unknown>;
  recalledAt?: string;
  editedAt?: string;
  changedSeq: number;
  pinnedAt?: string;
  pinnedBy?: string;
  reactions?: { emoji: string; count: number; userIds: string[]; mine?: boolean }[];
}

export interface LogEvent {
  seq: number;
  type: string;
  at: string;
  actorId: string;
  data: Record<string, unknown>;
}

export interface EventsPush {
  conversationId: string;
  epoch: string;
  events: LogEvent[];
}

export interface SyncPage {
  conversations: Conversation[];
  events: EventsPush[];
  resets: string[];
  hidden: { conversationId: string; messageSeq: number; messageId: string }[];
  nextCursor?: string;
  caughtUp: boolean;
}

export interface Cursor {
  deliveredSeq: number;
  readSeq: number;
  unreadCount: number;
}

export interface Page<T> {
  items: T[];
  nextCursor?: string;
}

export interface Problem {
  status: number;
  code: string;
  detail: string;
  retryable: boolean;
  retryAfterMs?: number;
  errors?: { path: string; message: string }[];
}
