export type ConversationKind = 'direct' | 'group' | 'room' | 'self';
export type MemberRole = 'owner' | 'admin' | 'member';

/** A conversation as the log knows it. Times are milliseconds since the epoch. */
export interface ConversationRow {
  /** Number of the conversation in this store; never leaves the server but inside message ids. */
  readonly no: number;
  readonly conversationId: string;
  kind: ConversationKind;
  /** Changes when a log was restored from a backup: what clients hold is then void. */
  epoch: string;
  /** Seq of the last event; 0 before the first. */
  headSeq: number;
  /** Messages so far, recalled ones included: what unread is computed from. */
  messageCount: number;
  /** Seq of the last message; 0 for none. */
  lastMessageSeq: number;
  lastActivityAt: number;
  memberCount: number;
  historyBeforeJoin: boolean;
  /** Only owner and admins send. */
  adminsOnly: boolean;
  disbanded: boolean;
}

/** A member, also a former one (`goneSeq` > 0): rows are kept, so that a rejoin keeps cursors monotonic. */
export interface MemberRow {
  readonly conversationNo: number;
  readonly userId: string;
  role: MemberRole;
  joinedSeq: number;
  /** Seq of the event that ended the membership; 0 for members. */
  goneSeq: number;
  mutedUntil: number;
  /** The other of a direct conversation blocks this one. */
  blocked: boolean;
  deliveredSeq: number;
  readSeq: number;
  /** Messages of the conversation up to the read cursor (or the join). */
  readMessageNo: number;
  /** This member's messages in all (those up to `countedSeq`, where a store counts late), and those up to the read cursor. */
  sentCount: number;
  countedSeq: number;
  readSentCount: number;
}

/** One event of a log. Messages are events; their current state is kept in the row of their `message.created`. */
export interface EventRow {
  readonly conversationNo: number;
  readonly seq: number;
  readonly type: string;
  readonly at: number;
  readonly actorId: string;
  /** Messages of the conversation up to and including this event. */
  readonly messageNo: number;
  /** The content of a message, or the data of another event, as JSON. Empty when recalled. */
  data: string;
  /** The replied-to message, or the edited or recalled one; 0 for none. */
  readonly refSeq: number;
  /** Empty for events that are no messages. */
  readonly messageType: string;
  readonly clientMsgId: string;
  readonly deviceId: string;
  /** Hash of what makes two sends the same; 0 for events that are no messages. */
  readonly fingerprint: number;
  /** JSON array, or empty. */
  mentions: string;
  editedAt: number;
  recalledAt: number;
  recalledBy: string;
  /** Seq of the last event that changed the message; 0 for none, which means its own. */
  changedSeq: number;
  pinnedAt: number;
  pinnedBy: string;
  /** What `domain/reactions.ts` makes of them, as JSON; empty for none. */
  reactions: string;
}

/** What nothing has been done to yet: stores need not write it. */
export const UNCHANGED = {
  editedAt: 0,
  recalledAt: 0,
  recalledBy: '',
  changedSeq: 0,
  pinnedAt: 0,
  pinnedBy: '',
  reactions: '',
} as const satisfies Partial<EventRow>;

/** Others' messages after my read cursor. Own sends never count, neither do messages from before I joined. */
export function unreadCount(conversation: ConversationRow, member: MemberRow): number {
  return Math.max(0, conversation.messageCount - member.readMessageNo - (member.sentCount - member.readSentCount));
}

/** The first seq a member may read. */
export function visibleFrom(conversation: ConversationRow, member: MemberRow): number {
  return conversation.historyBeforeJoin ? 1 : member.joinedSeq;
}
