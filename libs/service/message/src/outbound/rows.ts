import type { ConversationKind, ConversationRow, EventRow, MemberRole, MemberRow } from '@parley/core-message';

export interface SqlConversation {
  no: number;
  conversation_id: string;
  kind: string;
  epoch: string;
  head_seq: number;
  message_count: number;
  last_message_seq: number;
  last_activity_at: number;
  member_count: number;
  history_before_join: number;
  disbanded: number;
  admins_only: number;
}

export interface SqlMember {
  conversation_no: number;
  user_id: string;
  role: string;
  joined_seq: number;
  gone_seq: number;
  muted_until: number;
  blocked: number;
  delivered_seq: number;
  read_seq: number;
  read_message_no: number;
  sent_count: number;
  counted_seq: number;
  read_sent_count: number;
}

export interface SqlEvent {
  conversation_no: number;
  seq: number;
  type: string;
  at: number;
  actor_id: string;
  message_no: number;
  data: string;
  ref_seq: number;
  message_type: string;
  client_msg_id: string;
  device_id: string;
  fingerprint: number;
  mentions: string;
  edited_at: number;
  recalled_at: number;
  recalled_by: string;
  changed_seq: number;
  pinned_at: number;
  pinned_by: string;
  reactions: string | null;
}

export const MEMBER_COLUMNS =
  'conversation_no, user_id, role, joined_seq, gone_seq, muted_until, blocked, delivered_seq, read_seq, read_message_no, sent_count, counted_seq, read_sent_count';
/** What an event is written with. */
export const EVENT_COLUMNS =
  'conversation_no, seq, type, at, actor_id, message_no, data, ref_seq, message_type, client_msg_id, device_id, fingerprint, mentions, edited_at, recalled_at, recalled_by';
/** What it is read with: the last ones are set by later changes only. */
export const EVENT_FIELDS = `${EVENT_COLUMNS}, changed_seq, pinned_at, pinned_by, reactions`;

export function conversationOf(row: SqlConversation): ConversationRow {
  return {
    no: row.no,
    conversationId: row.conversation_id,
    kind: row.kind as ConversationKind,
    epoch: row.epoch,
    headSeq: row.head_seq,
    messageCount: row.message_count,
    lastMessageSeq: row.last_message_seq,
    lastActivityAt: row.last_activity_at,
    memberCount: row.member_count,
    adminsOnly: row.admins_only !== 0,
    historyBeforeJoin: row.history_before_join !== 0,
    disbanded: row.disbanded !== 0,
  };
}

export function memberOf(row: SqlMember): MemberRow {
  return {
    conversationNo: row.conversation_no,
    userId: row.user_id,
    role: row.role as MemberRole,
    joinedSeq: row.joined_seq,
    goneSeq: row.gone_seq,
    mutedUntil: row.muted_until,
    blocked: row.blocked !== 0,
    deliveredSeq: row.delivered_seq,
    readSeq: row.read_seq,
    readMessageNo: row.read_message_no,
    sentCount: row.sent_count,
    countedSeq: row.counted_seq,
    readSentCount: row.read_sent_count,
  };
}

export function eventOf(row: SqlEvent): EventRow {
  return {
    conversationNo: row.conversation_no,
    seq: row.seq,
    type: row.type,
    at: row.at,
    actorId: row.actor_id,
    messageNo: row.message_no,
    data: row.data,
    refSeq: row.ref_seq,
    messageType: row.message_type,
    clientMsgId: row.client_msg_id,
    deviceId: row.device_id,
    fingerprint: row.fingerprint,
    mentions: row.mentions,
    editedAt: row.edited_at,
    recalledAt: row.recalled_at,
    recalledBy: row.recalled_by,
    changedSeq: row.changed_seq,
    pinnedAt: row.pinned_at,
    pinnedBy: row.pinned_by,
    reactions: row.reactions ?? '',
  };
}

export function memberValues(row: MemberRow): (string | number)[] {
  return [
    row.conversationNo,
    row.userId,
    row.role,
    row.joinedSeq,
    row.goneSeq,
    row.mutedUntil,
    row.blocked ? 1 : 0,
    row.deliveredSeq,
    row.readSeq,
    row.readMessageNo,
    row.sentCount,
    row.countedSeq,
    row.readSentCount,
  ];
}

export function eventValues(row: EventRow): (string | number)[] {
  return [
    row.conversationNo,
    row.seq,
    row.type,
    row.at,
    row.actorId,
    row.messageNo,
    row.data,
    row.refSeq,
    row.messageType,
    row.clientMsgId,
    row.deviceId,
    row.fingerprint,
    row.mentions,
    row.editedAt,
    row.recalledAt,
    row.recalledBy,
  ];
}
