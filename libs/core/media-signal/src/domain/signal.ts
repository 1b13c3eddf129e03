import type { UserId } from '@parley/kernel';
import type { CallPush } from './announcement.js';
import type { Actor, Call } from './call.js';
import { participantOf } from './call.js';
import {
  answeredElsewhere,
  callEnded,
  callNotAllowed,
  callNotFound,
  signalInvalid,
  signalTooLarge,
} from './call.errors.js';

export const SIGNAL_KINDS = ['offer', 'answer', 'candidate', 'end-of-candidates', 'media'] as const;
export type SignalKind = (typeof SIGNAL_KINDS)[number];

export interface Signal {
  from: Actor;
  toUserId: UserId;
  /** Empty: the device that has the call. */
  toDeviceId: string;
  kind: SignalKind;
  /** Passed on as it is, never looked into. */
  dataJson: string;
}

const MAX_BYTES = 64 * 1024;
const utf8 = new TextEncoder();

/**
 * Where a signal goes. Between the devices that are in the call; before it is accepted only from the caller, to all devices that
 * may ring, so that an offer can be there when one of them accepts. Throws for everybody and everything else.
 */
export function signalPush(call: Call, signal: Signal): CallPush {
  const { from, toUserId, toDeviceId, kind, dataJson } = signal;
  const sender = participantOf(call, from.userId);
  if (sender === undefined) throw callNotFound();
  if (call.state === 'ended') throw callEnded();
  if (sender.state !== 'joined') throw callNotAllowed();
  if (sender.deviceId !== from.deviceId) throw answeredElsewhere();
  const target = toUserId === from.userId ? undefined : participantOf(call, toUserId);
  if (target === undefined) throw callNotAllowed();
  const isIn = target.state === 'joined';
  if (isIn && toDeviceId !== '' && toDeviceId !== target.deviceId) throw callNotAllowed();
  requireJson(dataJson);
  const head = JSON.stringify({ callId: call.callId, fromUserId: from.userId, fromDeviceId: from.deviceId, kind });
  return {
    event: 'call:signal',
    payloadJson: `${head.slice(0, -1)},"data":${dataJson}}`,
    userIds: isIn ? [] : [target.userId],
    sessionIds: isIn && target.sessionId !== '' ? [target.sessionId] : [],
    exceptSessionId: '',
  };
}

/** The text is spliced into a frame as it came: it has to be one JSON value. */
function requireJson(text: string): void {
  if (text.length > MAX_BYTES || utf8.encode(text).length > MAX_BYTES) throw signalTooLarge();
  try {
    JSON.parse(text);
  } catch {
    throw signalInvalid();
  }
}
