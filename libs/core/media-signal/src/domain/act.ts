import type { Actor, Call, CallOutcome, CallTimes, Participant } from './call.js';
import { ended, participantOf } from './call.js';
import { answeredElsewhere, callEnded, callNotAllowed, callNotFound } from './call.errors.js';

export const DEVICE_ACTIONS = ['ringing', 'accept', 'reject', 'cancel', 'hangup'] as const;
export type DeviceAction = (typeof DEVICE_ACTIONS)[number];

interface EndAct {
  is: 'reject' | 'cancel' | 'hangup';
  by: Actor;
  reason: string;
}

/** Everything that can happen to a call after its invitation. */
export type Act =
  | { is: 'ringing' | 'accept'; by: Actor; reason: string }
  | EndAct
  /** An answer of this device was passed on: media can flow. */
  | { is: 'answered'; by: Actor }
  | { is: 'gone'; by: Actor }
  /** It did something, or came back, perhaps with another session. */
  | { is: 'back'; by: Actor }
  | { is: 'deadline' };

/**
 * The state machine of a call: answers the call after the act, the same object when it changes nothing. What ends a call is
 * idempotent; what one's part or device does not allow throws. Pure: two processes that saw the same version decide alike, and
 * the store lets one of them win.
 *
 * ringing ──accept──▶ connecting ──answered──▶ active ──hangup──▶ ended
 *    └─ reject, cancel, deadline ─▶ ended ◀─ hangup, cancel, deadline ─┘
 */
export function applyAct(call: Call, act: Act, now: number, times: CallTimes): Call {
  if (act.is === 'deadline') return atDeadline(call, now, times);
  const me = participantOf(call, act.by.userId);
  if (me === undefined) throw callNotFound();
  switch (act.is) {
    case 'ringing':
      return ringing(call, me, act.by);
    case 'accept':
      return accept(call, me, act.by, now, times);
    case 'reject':
    case 'cancel':
    case 'hangup':
      return end(call, me, act, now);
    case 'answered':
      return answered(call, me, act.by, times);
    case 'gone':
      return holds(me, act.by) && me.goneAt === 0 ? changed(call, { ...me, goneAt: now }, times) : call;
    case 'back':
      return back(call, me, act.by, times);
  }
}

function ringing(call: Call, me: Participant, by: Actor): Call {
  requireLive(call);
  if (me.role === 'caller') throw callNotAllowed();
  if (call.state !== 'ringing') return here(call, me, by);
  return me.state === 'ringing' ? call : replaced(call, { ...me, state: 'ringing' });
}

function accept(call: Call, me: Participant, by: Actor, now: number, times: CallTimes): Call {
  requireLive(call);
  if (me.role === 'caller') throw callNotAllowed();
  if (call.state !== 'ringing') return here(call, me, by);
  const { deviceId, sessionId } = by;
  const taken = { ...call, state: 'connecting' as const, answeredAt: now };
  return changed(taken, { ...me, deviceId, sessionId, state: 'joined', joinedAt: now }, times);
}

/** Ends by a device. A repeat, or the other's end that came first, is answered with the ended call. */
function end(call: Call, me: Participant, act: EndAct, now: number): Call {
  const wrongRole = (act.is === 'reject' && me.role === 'caller') || (act.is === 'cancel' && me.role === 'callee');
  if (wrongRole) throw callNotAllowed();
  if (call.state === 'ended') return call;
  // While it rings every device of both may end it; afterwards only those in the call: a late "decline" elsewhere must not cut it.
  if (call.state !== 'ringing' && !holds(me, act.by)) throw answeredElsewhere();
  return ended(call, outcomeOf(call, me, act), now, act.reason);
}

function outcomeOf(call: Call, me: Participant, act: EndAct): CallOutcome {
  if (call.state === 'ringing') {
    if (me.role === 'caller') return 'cancelled';
    return act.reason === 'busy' ? 'busy' : 'rejected';
  }
  // The accept was a moment faster than the cancel.
  if (act.is === 'cancel' && call.state === 'connecting') return 'cancelled';
  return act.reason === 'failed' ? 'failed' : 'completed';
}

function answered(call: Call, me: Participant, by: Actor, times: CallTimes): Call {
  if (call.state !== 'connecting' || !holds(me, by)) return call;
  return changed({ ...call, state: 'active' }, me, times);
}

function back(call: Call, me: Participant, by: Actor, times: CallTimes): Call {
  if (!holds(me, by) || (me.goneAt === 0 && me.sessionId === by.sessionId)) return call;
  return changed(call, { ...me, goneAt: 0, sessionId: by.sessionId }, times);
}

function atDeadline(call: Call, now: number, times: CallTimes): Call {
  if (call.state === 'ended' || now < call.deadlineAt) return call;
  const isLost = call.participants.some((one) => one.goneAt !== 0 && one.goneAt + times.graceMs <= now);
  switch (call.state) {
    case 'ringing':
      return ended(call, isLost ? 'cancelled' : 'missed', now);
    case 'connecting':
      return ended(call, 'failed', now);
    case 'active':
      return ended(call, isLost ? 'failed' : 'completed', now);
  }
}

const holds = (me: Participant, by: Actor) => me.state === 'joined' && me.deviceId === by.deviceId;

/** A repeat by the device that has the call; every other device of this user is too late. */
function here(call: Call, me: Participant, by: Actor): Call {
  if (!holds(me, by)) throw answeredElsewhere();
  return call;
}

function requireLive(call: Call): void {
  if (call.state === 'ended') throw callEnded();
}

function replaced(call: Call, me: Participant): Call {
  const participants = call.participants.map((one) => (one.userId === me.userId ? me : one));
  return { ...call, participants, version: call.version + 1 };
}

function changed(call: Call, me: Participant, times: CallTimes): Call {
  const next = replaced(call, me);
  return { ...next, deadlineAt: deadlineOf(next, times) };
}

function deadlineOf(call: Call, times: CallTimes): number {
  const own =
    call.state === 'ringing'
      ? call.createdAt + times.ringMs
      : call.answeredAt + (call.state === 'connecting' ? times.connectMs : times.maxMs);
  const graces = call.participants.filter((one) => one.goneAt !== 0).map((one) => one.goneAt + times.graceMs);
  return Math.min(own, ...graces);
}
