import { type MemberRow, unreadCount } from '../log-rows.js';
import { conversationNotFound } from '../message.errors.js';
import type { WorkingSet } from '../working-set.js';

export interface CursorChange {
  kind: 'cursor';
  conversationId: string;
  userId: string;
  /** 0 leaves it. */
  deliveredSeq: number;
  /** 0 leaves it. Reading implies delivery. */
  readSeq: number;
}

export interface CursorOutcome {
  deliveredSeq: number;
  readSeq: number;
  unreadCount: number;
  memberCount: number;
  /** False when the cursors were there already. */
  moved: boolean;
}

/** G8: cursors only grow, and never beyond the head. */
export function applyCursor(set: WorkingSet, change: CursorChange): CursorOutcome {
  const conversation = set.conversations.get(change.conversationId);
  const member = conversation && set.currentMember(conversation.no, change.userId);
  if (conversation === undefined || member === undefined) throw conversationNotFound();
  const readSeq = Math.min(change.readSeq, conversation.headSeq);
  const deliveredSeq = Math.min(Math.max(change.deliveredSeq, readSeq), conversation.headSeq);
  const moved = readSeq > member.readSeq || deliveredSeq > member.deliveredSeq;
  if (readSeq > member.readSeq) read(set, member, readSeq);
  if (deliveredSeq > member.deliveredSeq) member.deliveredSeq = deliveredSeq;
  if (moved) set.saveMember(member);
  return {
    deliveredSeq: member.deliveredSeq,
    readSeq: member.readSeq,
    unreadCount: unreadCount(conversation, member),
    memberCount: conversation.memberCount,
    moved,
  };
}

function read(set: WorkingSet, member: MemberRow, seq: number): void {
  member.readSeq = seq;
  member.readMessageNo = Math.max(member.readMessageNo, set.messageNoAt(member.conversationNo, seq));
  member.readSentCount = Math.max(
    member.readSentCount,
    member.sentCount - set.ownSendsAfter(member.conversationNo, member.userId, seq),
  );
}
