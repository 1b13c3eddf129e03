import type { Conversation, ConversationEvent, Message } from '../api.js';
import { changed, changesMessage, hiddenBy, rowOf } from '../store/message-changes.js';
import { addRange } from '../store/ranges.js';
import type { ConversationRecord, TimelinePatch, UnreadCount } from '../store/shapes.js';
import { stateAfter } from './state-after.js';

export interface Applied {
  record: ConversationRecord;
  timeline: TimelinePatch;
}

const counts = (message: Message, me: string) => message.senderId !== me;
const names = (message: Message, me: string) =>
  message.mentions?.some((mentioned) => mentioned === me || mentioned === 'all') ?? false;

/**
 * The next events of a log, one after the other from the record's head on. Whoever calls has made sure that none is missing in
 * between: a first seq beyond head + 1 means that I may not see what lies there.
 */
export function applyLog(
  before: ConversationRecord,
  events: readonly ConversationEvent[],
  me: string,
  rev: number,
): Applied {
  const rows = [];
  const changes = [];
  const hidden = [];
  let { state, stateSeq, last } = before;
  let { unread, mentions, upTo } = before.count;
  for (const event of events) {
    const row = rowOf(event);
    if (row !== undefined) rows.push(row);
    hidden.push(...hiddenBy(event));
    if (changesMessage(event)) {
      changes.push(event);
      if (last !== undefined && event.data['messageId'] === last.messageId) last = changed(last, event, me);
    }
    if (row?.message !== undefined) {
      last = row.message;
      if (event.seq > upTo && event.seq > state.readSeq && counts(row.message, me)) {
        unread++;
        if (names(row.message, me)) mentions++;
      }
    }
    const next = event.seq > stateSeq ? stateAfter(state, event, me) : state;
    // An answer from before this event knows nothing of it.
    if (next !== state && event.type !== 'message.created') stateSeq = event.seq;
    state = next;
  }
  const { seq, at } = events.at(-1) as ConversationEvent;
  upTo = Math.max(upTo, seq);
  const cover = [before.head.seq + 1, seq] as const;
  const record: ConversationRecord = {
    ...before,
    rev,
    state,
    stateSeq,
    head: { seq, epoch: before.head.epoch, at },
    ranges: addRange(before.ranges, cover),
    count: { unread, mentions, upTo },
    ...(last && { last }),
  };
  return { record, timeline: { conversationId: before.conversationId, cover, rows, changes, hidden } };
}

/** What an answer of the server says about a conversation. Older answers than the last change nothing but what only grows. */
export function withState(before: ConversationRecord, answer: Conversation, rev: number): ConversationRecord {
  const { lastMessage, ...told } = answer;
  const newer = answer.headSeq >= before.stateSeq;
  const readSeq = Math.max(before.state.readSeq, answer.readSeq);
  const state = {
    ...(newer ? told : before.state),
    readSeq,
    deliveredSeq: Math.max(before.state.deliveredSeq, answer.deliveredSeq),
    lastActivityAt: later(before.state.lastActivityAt, answer.lastActivityAt),
    ...cursorsOf(before.state, told),
  };
  const last = newerMessage(before.last, lastMessage);
  return {
    ...before,
    rev,
    state,
    stateSeq: Math.max(before.stateSeq, answer.headSeq),
    count: countAfter(before, answer, readSeq),
    ...(last && { last }),
    memberSeq: Math.max(before.memberSeq, answer.joinedSeq),
    readAcked: Math.max(before.readAcked, answer.readSeq),
  };
}

/** A conversation that was not known. `from`: what of its log need not be told any more. */
export function newRecord(answer: Conversation, from: number, rev: number): ConversationRecord {
  const { lastMessage, ...state } = answer;
  return {
    conversationId: answer.conversationId,
    rev,
    state,
    stateSeq: answer.headSeq,
    head: { seq: from, epoch: answer.epoch },
    ranges: [],
    count: { unread: answer.unreadCount, mentions: answer.mentionCount, upTo: answer.headSeq },
    ...(lastMessage && { last: lastMessage }),
    memberSeq: answer.joinedSeq,
    readAcked: answer.readSeq,
  };
}

/**
 * The server counts up to its head, by the read cursor that it knows. Where more was read or has come here, what was counted here
 * stays: the events that the server counted are still to come, or `Ledger.states` has it counted anew.
 */
function countAfter(before: ConversationRecord, answer: Conversation, readSeq: number): UnreadCount {
  if (readSeq >= Math.max(answer.headSeq, before.count.upTo)) return { unread: 0, mentions: 0, upTo: readSeq };
  if (answer.headSeq < before.count.upTo || answer.readSeq < readSeq) return before.count;
  return { unread: answer.unreadCount, mentions: answer.mentionCount, upTo: answer.headSeq };
}

const later = (a: string, b: string) => (a > b ? a : b);

function newerMessage(a: Message | undefined, b: Message | undefined): Message | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  if (a.seq !== b.seq) return a.seq > b.seq ? a : b;
  return a.changedSeq > b.changedSeq ? a : b;
}

function cursorsOf(a: ConversationRecord['state'], b: ConversationRecord['state']) {
  if (b.cursors === undefined) return a.cursors === undefined ? {} : { cursors: a.cursors };
  const known = new Map(a.cursors?.map((cursor) => [cursor.userId, cursor]));
  return { cursors: b.cursors.map((cursor) => grown(cursor, known.get(cursor.userId))) };
}

type Cursor = NonNullable<Conversation['cursors']>[number];

export function grown(
  cursor: Cursor,
  by?: { readSeq?: number | undefined; deliveredSeq?: number | undefined },
): Cursor {
  const readSeq = Math.max(cursor.readSeq, by?.readSeq ?? 0);
  return { ...cursor, readSeq, deliveredSeq: Math.max(cursor.deliveredSeq, readSeq, by?.deliveredSeq ?? 0) };
}
