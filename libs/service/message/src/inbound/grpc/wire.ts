import type { commonV1, messageV1 } from '@parley/contracts/rpc';
import { toFailure } from '@parley/contracts/rpc';
import {
  type ConversationState,
  eventDataJson,
  type EventRow,
  type FactBody,
  type FactChange,
  type LogEvent,
  type MemberRole,
  messageJson,
  type NewMember,
} from '@parley/core-message';
import { DomainError } from '@parley/kernel';

/** Wire shapes of the message service: no decisions, only form. */
export function messageWire(row: EventRow, conversationId: string): messageV1.Message {
  return { seq: row.seq, json: messageJson(row, conversationId) };
}

export function eventWire({ row, subject, hidden }: LogEvent, conversationId: string): messageV1.Event {
  return {
    seq: row.seq,
    type: row.type,
    at: row.at,
    actorId: row.actorId,
    dataJson: eventDataJson(row, conversationId, subject, hidden),
    subjectSeq: 0,
  };
}

export function stateWire(state: ConversationState): messageV1.ConversationState {
  const { conversation, member } = state;
  return {
    conversationId: conversation.conversationId,
    kind: conversation.kind,
    headSeq: conversation.headSeq,
    epoch: conversation.epoch,
    role: member.role,
    readSeq: member.readSeq,
    deliveredSeq: member.deliveredSeq,
    unreadCount: state.unreadCount,
    mentionCount: state.mentionCount,
    memberCount: conversation.memberCount,
    lastMessage:
      state.lastMessage === undefined ? undefined : messageWire(state.lastMessage, conversation.conversationId),
    lastActivityAt: conversation.lastActivityAt,
    joinedSeq: member.joinedSeq,
    mutedUntil: member.mutedUntil,
    disbanded: conversation.disbanded,
    cursors: state.cursors.map(({ userId, deliveredSeq, readSeq }) => ({ userId, deliveredSeq, readSeq })),
  };
}

/** One item of a batch: its value, or its failure in place. */
export function itemWire<T, W>(
  answer: T | DomainError,
  wire: (value: T) => W,
): { value: W | undefined; failure: commonV1.Failure | undefined } {
  return answer instanceof DomainError
    ? { value: undefined, failure: toFailure(answer) }
    : { value: wire(answer), failure: undefined };
}

export function factChange(fact: messageV1.Fact, newEpoch: () => string): FactChange {
  return {
    kind: 'fact',
    changeId: fact.changeId,
    conversationId: fact.conversationId,
    actorId: fact.actorId,
    fact: factBody(fact, newEpoch),
  };
}

function factBody(fact: messageV1.Fact, newEpoch: () => string): FactBody {
  if (fact.created)
    return {
      is: 'created',
      kind: fact.created.kind as 'direct',
      members: fact.created.members.map(newMember),
      historyBeforeJoin: fact.created.historyBeforeJoin,
      epoch: newEpoch(),
    };
  if (fact.joined) return { is: 'joined', members: fact.joined.members.map(newMember) };
  if (fact.gone) return { is: 'gone', userId: fact.gone.userId, removed: fact.gone.removed };
  if (fact.changed) {
    const { userId, role, mutedUntil, dataJson } = fact.changed;
    return {
      is: 'changed',
      userId,
      dataJson,
      ...(role === '' ? {} : { role: role as MemberRole }),
      ...(mutedUntil < 0 ? {} : { mutedUntil }),
    };
  }
  if (fact.event) {
    const { type, dataJson, sendPolicy } = fact.event;
    if (sendPolicy === 'admins' || sendPolicy === 'members') return { is: 'event', type, dataJson, sendPolicy };
    return { is: 'event', type, dataJson };
  }
  if (fact.disbanded) return { is: 'disbanded' };
  if (fact.restricted) return { is: 'restricted', userId: fact.restricted.userId, blocked: fact.restricted.blocked };
  throw new DomainError('request.invalid', 'invalid', { message: 'The fact has no body.' });
}

function newMember(member: messageV1.NewMember): NewMember {
  return { userId: member.userId, role: member.role as MemberRole };
}
