import { type ConversationRow, type MemberRow, visibleFrom } from '../log-rows.js';
import { messageIdOf, placeOf } from '../message-id.js';
import {
  adminsOnly,
  blocked,
  disbanded,
  idempotencyConflict,
  messageNotFound,
  muted,
  notAMember,
} from '../message.errors.js';
import type { WorkingSet } from '../working-set.js';
import { addMentions, mentionsJson, requireMayMention } from './mention.js';

export interface SendChange {
  kind: 'send';
  conversationId: string;
  senderId: string;
  deviceId: string;
  clientMsgId: string;
  type: string;
  contentJson: string;
  /** Message id, or empty. */
  replyTo: string;
  mentions: string[];
  /** Hash of what makes two sends the same; 52 bits. */
  fingerprint: number;
}

export interface SendOutcome {
  messageId: string;
  seq: number;
  sentAt: number;
  repeated: boolean;
}

/** DEDUPE: (sender, device, clientMsgId) names one message for ever. */
export function sendKey(change: Pick<SendChange, 'senderId' | 'deviceId' | 'clientMsgId'>): string {
  return `${change.senderId}\n${change.deviceId}\n${change.clientMsgId}`;
}

export function applySend(set: WorkingSet, change: SendChange, now: number): SendOutcome {
  const conversation = set.conversations.get(change.conversationId);
  const known = set.knownSend(sendKey(change));
  // A repeat is answered even when the sender may no longer write: the first answer was an ack, and it holds.
  if (known !== undefined) {
    if (known.fingerprint !== change.fingerprint) throw idempotencyConflict();
    return {
      messageId: messageIdOf(known.conversationNo, known.seq),
      seq: known.seq,
      sentAt: known.at,
      repeated: true,
    };
  }
  const sender = conversation && set.currentMember(conversation.no, change.senderId);
  if (conversation === undefined || sender === undefined) throw notAMember();
  requireMaySend(conversation, sender, now);
  requireMayMention(conversation, sender, change.mentions);
  const refSeq = change.replyTo === '' ? 0 : replySeq(set, conversation, sender, change.replyTo);
  const event = set.append(conversation, {
    type: 'message.created',
    at: now,
    actorId: change.senderId,
    data: change.contentJson,
    refSeq,
    messageType: change.type,
    clientMsgId: change.clientMsgId,
    deviceId: change.deviceId,
    fingerprint: change.fingerprint,
    mentions: mentionsJson(change.mentions),
  });
  set.countSend(sender, event.seq);
  addMentions(set, event);
  set.newSends.set(sendKey(change), {
    conversationNo: conversation.no,
    seq: event.seq,
    at: now,
    fingerprint: change.fingerprint,
  });
  return { messageId: messageIdOf(conversation.no, event.seq), seq: event.seq, sentAt: now, repeated: false };
}

export function requireMaySend(conversation: ConversationRow, member: MemberRow, now: number): void {
  requireVoice(conversation, member, now);
  if (conversation.adminsOnly && member.role === 'member') throw adminsOnly();
}

/** What also who may not send needs for a sign of assent. */
export function requireVoice(conversation: ConversationRow, member: MemberRow, now: number): void {
  if (conversation.disbanded) throw disbanded();
  if (member.blocked) throw blocked();
  if (member.mutedUntil > now) throw muted({ retryAfterMs: member.mutedUntil - now });
}

function replySeq(set: WorkingSet, conversation: ConversationRow, sender: MemberRow, replyTo: string): number {
  const place = placeOf(replyTo);
  const target = place?.conversationNo === conversation.no ? set.event(conversation.no, place.seq) : undefined;
  if (target === undefined || target.messageType === '' || target.seq < visibleFrom(conversation, sender))
    throw messageNotFound({ errors: [{ path: 'replyTo', message: 'must be a message of this conversation' }] });
  return target.seq;
}
