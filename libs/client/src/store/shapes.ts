import type { Conversation, ConversationEvent, Message } from '../api.js';
import type { PlainError } from '../error-answers.js';
import type { Range } from './ranges.js';

/** What is stored of a conversation, beside its timeline. Immutable: a change is a new object with a higher `rev`. */
export interface ConversationRecord {
  conversationId: string;
  /** Of two records of one conversation the one with the higher number counts, in memory, in the storage and between tabs. */
  rev: number;
  /** As the server said, with what events have changed since. Unread and mentions in it are void: see `count`. */
  state: Omit<Conversation, 'lastMessage'>;
  /** What of the log is in `state`: up to here the server has said it, or an event has changed it. */
  stateSeq: number;
  /** The last event that was applied. Without `at` where the event itself was never seen. */
  head: { seq: number; epoch: string; at?: string };
  /** Which parts of the log are in the timeline, all of each. */
  ranges: readonly Range[];
  count: UnreadCount;
  /** The newest message. */
  last?: Message | undefined;
  /** Where in the log I joined, the last time. */
  memberSeq: number;
  /** What of my readSeq the server knows. */
  readAcked: number;
}

export interface UnreadCount {
  unread: number;
  mentions: number;
  /** Messages up to this seq are counted. */
  upTo: number;
}

/** One line of a timeline: a message in its present state, or a notice. Events that are neither are not kept, only covered. */
export interface Row {
  seq: number;
  /** Of the event that brought it into this state. */
  changedSeq: number;
  message?: Message;
  notice?: ConversationEvent;
}

export interface OutboxEntry {
  /** Stays, whatever happens to clientMsgId. */
  key: string;
  conversationId: string;
  clientMsgId: string;
  /** Entries of a conversation are sent in this order. */
  order: number;
  type: string;
  content: Record<string, unknown>;
  replyTo?: string;
  mentions?: readonly string[];
  createdAt: string;
  /** `sending` is never stored. `committed` waits for its event. */
  state: 'queued' | 'sending' | 'failed' | 'committed';
  /** Grows with each change. */
  version: number;
  error?: PlainError;
  /** What has to be uploaded first. */
  file?: { blob: Blob; name: string; uploads: number };
  /** Its upload was paused: what comes after it goes first. */
  paused?: boolean;
  messageId?: string;
  seq?: number;
  sentAt?: string;
}

/** What happened to one timeline. */
export interface TimelinePatch {
  conversationId: string;
  /** The rows are all there is between these, both included. */
  cover?: Range;
  rows?: readonly Row[];
  /** The rows come from a page and may be older than what is stored. */
  page?: boolean;
  /** Edits, recalls, reactions, pins: they change the rows of their messages, where these are there. */
  changes?: readonly ConversationEvent[];
  /** Deleted for me. */
  hidden?: readonly { seq: number; messageId: string }[];
}

/** A step of the replica: the same in the memory of every tab and in the storage. */
export interface Patch {
  records?: readonly ConversationRecord[];
  /** Conversations whose timeline is void. Comes before `timelines`. */
  resets?: readonly string[];
  removed?: readonly string[];
  timelines?: readonly TimelinePatch[];
  entries?: readonly OutboxEntry[];
  entriesGone?: readonly string[];
  drafts?: readonly { conversationId: string; text: string }[];
  /** Conversations whose rows the storage may know better than the tabs; never stored itself. */
  reread?: readonly string[];
  /** Small things under a name, in `meta`. */
  notes?: Readonly<Record<string, unknown>>;
}
