import type { CallId, ConversationId, DeviceId, SessionId, UserId } from '@parley/kernel';

/** connecting: accepted, no answer was passed on yet. */
export type CallState = 'ringing' | 'connecting' | 'active' | 'ended';
export type CallOutcome = 'completed' | 'missed' | 'rejected' | 'busy' | 'cancelled' | 'failed';
export type Medium = 'audio' | 'video';

export interface Participant {
  userId: UserId;
  role: 'caller' | 'callee';
  /** invited: no device has said that it rings. left: no longer in the call, or never was when it ended. */
  state: 'invited' | 'ringing' | 'joined' | 'left';
  /** The one device that is in the call, and its session; empty before one is. */
  deviceId: DeviceId | '';
  sessionId: SessionId | '';
  /** 0: never. */
  joinedAt: number;
  leftAt: number;
  /** When the device was lost; 0 while it is there. */
  goneAt: number;
}

/** One call. Values are never changed in place: a transition answers a new one with the next version. */
export interface Call {
  callId: CallId;
  conversationId: ConversationId;
  callerId: UserId;
  media: readonly Medium[];
  state: CallState;
  /** Set exactly when ended. */
  outcome?: CallOutcome;
  /** What the one who ended it gave, or empty. */
  reason: string;
  participants: readonly Participant[];
  createdAt: number;
  /** 0: not accepted. */
  answeredAt: number;
  endedAt: number;
  /** When the call ends by itself unless something happens; 0 once ended. A live call always has one. */
  deadlineAt: number;
  /** 1 at the start; grows by one with each change. */
  version: number;
}

export interface CallTimes {
  ringMs: number;
  /** From the accept to the first answer that is passed on. */
  connectMs: number;
  /** How long a lost device is waited for. */
  graceMs: number;
  /** The longest call. */
  maxMs: number;
}

/** A device that does something, from a verified token. */
export interface Actor {
  userId: UserId;
  deviceId: DeviceId;
  sessionId: SessionId;
}

export interface Invitation {
  callId: CallId;
  conversationId: ConversationId;
  caller: Actor;
  calleeIds: readonly UserId[];
  media: readonly Medium[];
}

export function newCall(invitation: Invitation, now: number, times: CallTimes): Call {
  const { callId, conversationId, caller, calleeIds, media } = invitation;
  const absent = { deviceId: '', sessionId: '', joinedAt: 0, leftAt: 0, goneAt: 0 } as const;
  return {
    ...{ callId, conversationId, callerId: caller.userId, media: [...new Set(media)] },
    ...{ state: 'ringing', reason: '', createdAt: now, answeredAt: 0, endedAt: 0, version: 1 },
    deadlineAt: now + times.ringMs,
    participants: [
      { ...absent, ...caller, role: 'caller', state: 'joined', joinedAt: now },
      ...calleeIds.map((userId): Participant => ({ ...absent, userId, role: 'callee', state: 'invited' })),
    ],
  };
}

export const isLive = (call: Call): boolean => call.state !== 'ended';

/** It rings, and no device of a callee has said so. */
export const isUnheard = (call: Call): boolean =>
  call.state === 'ringing' && call.participants.some((one) => one.state === 'invited');

export function participantOf(call: Call, userId: string): Participant | undefined {
  return call.participants.find((participant) => participant.userId === userId);
}

/** From the answer to the end (or to `now` while it lasts); 0 for a call that nobody took. */
export function durationOf(call: Call): number {
  return call.answeredAt === 0 ? 0 : Math.max(0, call.endedAt - call.answeredAt);
}

/** Ends the call for everybody. Of an ended call it is the call itself. */
export function ended(call: Call, outcome: CallOutcome, now: number, reason = ''): Call {
  if (call.state === 'ended') return call;
  return {
    ...call,
    ...{ state: 'ended', outcome, reason, endedAt: now, deadlineAt: 0, version: call.version + 1 },
    participants: call.participants.map((one) => ({ ...one, state: 'left', leftAt: now, goneAt: 0 })),
  };
}
