import type { ConversationKind, ConversationRow, MemberRole } from '../log-rows.js';
import { conversationNotFound } from '../message.errors.js';
import type { WorkingSet } from '../working-set.js';

export interface NewMember {
  userId: string;
  role: MemberRole;
}

export type FactBody =
  | { is: 'created'; kind: ConversationKind; members: NewMember[]; historyBeforeJoin: boolean; epoch: string }
  | { is: 'joined'; members: NewMember[] }
  | { is: 'gone'; userId: string; removed: boolean }
  | { is: 'changed'; userId: string; role?: MemberRole; mutedUntil?: number; dataJson: string }
  | { is: 'event'; type: string; dataJson: string; sendPolicy?: 'members' | 'admins' }
  | { is: 'disbanded' }
  | { is: 'restricted'; userId: string; blocked: boolean };

/** What another service has decided, entered into the log. DEDUPE: by changeId. */
export interface FactChange {
  kind: 'fact';
  changeId: string;
  conversationId: string;
  actorId: string;
  fact: FactBody;
}

/** Answers the seq of the event it made; 0 where it made none. */
export function applyFact(set: WorkingSet, change: FactChange, now: number): number {
  const known = set.knownFact(change.changeId);
  if (known !== undefined) return known;
  const conversation = set.conversations.get(change.conversationId);
  if (conversation === undefined) throw conversationNotFound();
  const seq = enter(set, conversation, change, now);
  set.decidedConversations.add(conversation);
  set.newFacts.set(change.changeId, { conversationNo: conversation.no, seq });
  return seq;
}

function enter(set: WorkingSet, conversation: ConversationRow, change: FactChange, now: number): number {
  const { fact } = change;
  const append = (type: string, data: string) =>
    set.append(conversation, {
      type,
      at: now,
      actorId: change.actorId,
      data,
      refSeq: 0,
      messageType: '',
      clientMsgId: '',
      deviceId: '',
      fingerprint: 0,
      mentions: '',
    }).seq;
  switch (fact.is) {
    case 'created':
    case 'joined':
      return join(set, conversation, fact.members, now, append);
    case 'gone': {
      const member = set.currentMember(conversation.no, fact.userId);
      if (member === undefined) return 0;
      conversation.memberCount -= 1;
      member.goneSeq = append(fact.removed ? 'member.removed' : 'member.left', JSON.stringify({ userId: fact.userId }));
      set.saveMember(member);
      return member.goneSeq;
    }
    case 'changed': {
      const member = set.currentMember(conversation.no, fact.userId);
      if (member === undefined) return 0;
      if (fact.role !== undefined) member.role = fact.role;
      if (fact.mutedUntil !== undefined) member.mutedUntil = fact.mutedUntil;
      set.saveMember(member);
      return append('member.changed', fact.dataJson);
    }
    case 'event':
      if (fact.sendPolicy !== undefined) conversation.adminsOnly = fact.sendPolicy === 'admins';
      return append(fact.type, fact.dataJson);
    case 'disbanded':
      conversation.disbanded = true;
      return append('conversation.disbanded', '{}');
    case 'restricted': {
      const member = set.member(conversation.no, fact.userId);
      if (member !== undefined) {
        member.blocked = fact.blocked;
        set.saveMember(member);
      }
      return 0;
    }
  }
}

function join(
  set: WorkingSet,
  conversation: ConversationRow,
  members: readonly NewMember[],
  now: number,
  append: (type: string, data: string) => number,
): number {
  const fresh = members.filter((member) => set.currentMember(conversation.no, member.userId) === undefined);
  if (fresh.length === 0) return 0;
  conversation.memberCount += fresh.length;
  // Who left while muted is muted still.
  const shown = fresh.map((member) => {
    const until = set.member(conversation.no, member.userId)?.mutedUntil ?? 0;
    return until > now ? { ...member, mutedUntil: new Date(until).toISOString() } : member;
  });
  const seq = append('member.joined', JSON.stringify({ members: shown }));
  for (const { userId, role } of fresh) {
    const before = set.member(conversation.no, userId);
    set.saveMember({
      conversationNo: conversation.no,
      userId,
      role,
      joinedSeq: seq,
      goneSeq: 0,
      mutedUntil: before?.mutedUntil ?? 0,
      blocked: before?.blocked ?? false,
      deliveredSeq: Math.max(seq, before?.deliveredSeq ?? 0),
      readSeq: Math.max(seq, before?.readSeq ?? 0),
      // Unread starts at the join: what was said before was not said to this member.
      readMessageNo: conversation.messageCount,
      sentCount: before?.sentCount ?? 0,
      countedSeq: before?.countedSeq ?? 0,
      readSentCount: before?.sentCount ?? 0,
    });
  }
  return seq;
}
