import type { Call, CallFact, CallOutcome, CallState, Medium, Participant } from '@parley/core-media-signal';
import type { CallId, ConversationId, DeviceId, SessionId, UserId } from '@parley/kernel';

/** Columns as the drivers give them: 64-bit numbers may come as text. */
export type Row = Record<string, string | number | null>;

export const CALL_COLUMNS =
  'call_id, conversation_id, caller_id, media, state, outcome, reason, created_at, answered_at, ended_at, deadline_at, version';
export const PARTICIPANT_COLUMNS =
  'call_id, place, user_id, role, state, device_id, session_id, joined_at, left_at, gone_at';

export function callValues(call: Call): unknown[] {
  return [
    ...[call.callId, call.conversationId, call.callerId, call.media.join(','), call.state, call.outcome ?? ''],
    ...[call.reason, call.createdAt, call.answeredAt, call.endedAt, call.deadlineAt, call.version],
  ];
}

export function participantValues(call: Call, one: Participant, place: number): unknown[] {
  const { userId, role, state, deviceId, sessionId, joinedAt, leftAt, goneAt } = one;
  return [call.callId, place, userId, role, state, deviceId, sessionId, joinedAt, leftAt, goneAt];
}

export function callOf(row: Row, participants: readonly Participant[]): Call {
  return {
    callId: row['call_id'] as CallId,
    conversationId: row['conversation_id'] as ConversationId,
    callerId: row['caller_id'] as UserId,
    media: String(row['media']).split(',') as Medium[],
    state: row['state'] as CallState,
    ...(row['outcome'] === '' ? {} : { outcome: row['outcome'] as CallOutcome }),
    reason: String(row['reason']),
    participants,
    createdAt: Number(row['created_at']),
    answeredAt: Number(row['answered_at']),
    endedAt: Number(row['ended_at']),
    deadlineAt: Number(row['deadline_at']),
    version: Number(row['version']),
  };
}

export function participantOf(row: Row): Participant {
  return {
    userId: row['user_id'] as UserId,
    role: row['role'] as Participant['role'],
    state: row['state'] as Participant['state'],
    deviceId: row['device_id'] as DeviceId | '',
    sessionId: row['session_id'] as SessionId | '',
    joinedAt: Number(row['joined_at']),
    leftAt: Number(row['left_at']),
    goneAt: Number(row['gone_at']),
  };
}

export function factOf(row: Row): CallFact {
  return {
    changeId: String(row['change_id']),
    conversationId: row['conversation_id'] as ConversationId,
    actorId: row['actor_id'] as UserId,
    type: row['type'] as CallFact['type'],
    dataJson: String(row['data']),
  };
}
