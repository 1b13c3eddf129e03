import type { Call, Participant } from './call.js';
import { durationOf } from './call.js';

const time = (at: number) => new Date(at).toISOString();

/** The public call object. @param elsewhere for a device whose user answered on another one: for it the call is over. */
export function callView(call: Call, elsewhere = false): Record<string, unknown> {
  const outcome = call.outcome ?? (elsewhere ? 'answered_elsewhere' : undefined);
  return {
    callId: call.callId,
    conversationId: call.conversationId,
    callerId: call.callerId,
    media: call.media,
    state: call.state,
    ...(outcome === undefined ? {} : { outcome }),
    ...(call.reason === '' ? {} : { reason: call.reason }),
    participants: call.participants.map(participantView),
    createdAt: time(call.createdAt),
    ...(call.state === 'ringing' ? { ringsUntil: time(call.deadlineAt) } : {}),
    ...(call.answeredAt === 0 ? {} : { answeredAt: time(call.answeredAt) }),
    ...(call.endedAt === 0 ? {} : { endedAt: time(call.endedAt), durationMs: durationOf(call) }),
    version: call.version,
  };
}

function participantView(one: Participant): Record<string, unknown> {
  return {
    userId: one.userId,
    role: one.role,
    state: one.state,
    ...(one.deviceId === '' ? {} : { deviceId: one.deviceId }),
    ...(one.joinedAt === 0 ? {} : { joinedAt: time(one.joinedAt) }),
    ...(one.leftAt === 0 ? {} : { leftAt: time(one.leftAt) }),
  };
}
