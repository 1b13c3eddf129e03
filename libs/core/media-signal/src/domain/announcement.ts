import type { SessionId, UserId } from '@parley/kernel';
import type { Act } from './act.js';
import type { Actor, Call } from './call.js';
import { callView } from './call-view.js';

/** One socket event for some devices: all of these users, or these sessions. */
export interface CallPush {
  event: 'call:incoming' | 'call:changed' | 'call:signal';
  payloadJson: string;
  userIds: UserId[];
  sessionIds: SessionId[];
  exceptSessionId: SessionId | '';
}

const toUsers = (event: CallPush['event'], userIds: UserId[], payloadJson: string, except: SessionId | '' = '') => ({
  ...{ event, payloadJson, userIds, sessionIds: [], exceptSessionId: except },
});

/** A call has begun: it rings on all devices of those called; the caller's other devices learn of it. */
export function invitationPushes(call: Call, by: Actor): CallPush[] {
  const payload = payloadOf(call);
  const callees = call.participants.filter((one) => one.role === 'callee').map((one) => one.userId);
  return [toUsers('call:incoming', callees, payload), toUsers('call:changed', [call.callerId], payload, by.sessionId)];
}

/** Once more to those of whom no device has said that it rings: they may have come online since. */
export function reminderPushes(call: Call): CallPush[] {
  const waiting = call.participants.filter((one) => one.state === 'invited').map((one) => one.userId);
  return call.state === 'ringing' && waiting.length > 0 ? [toUsers('call:incoming', waiting, payloadOf(call))] : [];
}

/** A call has changed: everybody's devices get all of it. Where one of them has the call, the callee's others get that it is over for them. */
export function changePushes(before: Call, after: Call, act: Act): CallPush[] {
  // Who comes and goes for a moment is nothing to show.
  if (act.is === 'gone' || act.is === 'back') return [];
  const plain = payloadOf(after);
  if (before === after) return [];
  if (after.state === 'ringing' || after.state === 'ended')
    return [
      toUsers(
        'call:changed',
        after.participants.map((one) => one.userId),
        plain,
      ),
    ];
  return after.participants.flatMap((one) => {
    if (one.role === 'caller' || one.sessionId === '') return [toUsers('call:changed', [one.userId], plain)];
    return [
      { ...toUsers('call:changed', [], plain), sessionIds: [one.sessionId] },
      toUsers('call:changed', [one.userId], payloadOf(after, true), one.sessionId),
    ];
  });
}

const payloadOf = (call: Call, elsewhere = false) => JSON.stringify({ call: callView(call, elsewhere) });
