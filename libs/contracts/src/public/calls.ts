import { z } from 'zod';
import { boundedJson } from './bounded-json.js';
import { id, pageOf, pageQuery, queryFlag, text, timestamp } from './common.js';
import { operation } from './operation.js';
import { socketCommand, socketEvent } from './socket.js';

const MAX_SIGNAL_KIB = 64;
const medium = z.enum(['audio', 'video']);

export const callOutcome = z.enum([
  'completed',
  'missed',
  'rejected',
  'busy',
  'cancelled',
  'failed',
  'answered_elsewhere',
]);

const participant = z.object({
  userId: z.string(),
  role: z.enum(['caller', 'callee']),
  /** invited: not reached yet. ringing: a device rings. joined: in the call. left: no longer, or never. */
  state: z.enum(['invited', 'ringing', 'joined', 'left']),
  /** The device that is in the call. */
  deviceId: z.string().optional(),
  joinedAt: timestamp.optional(),
  leftAt: timestamp.optional(),
});

export const call = z
  .object({
    callId: z.string(),
    conversationId: z.string(),
    callerId: z.string(),
    media: z.array(medium),
    /** connecting: accepted, no answer was passed on yet. */
    state: z.enum(['ringing', 'connecting', 'active', 'ended']),
    /** How it ended. `answered_elsewhere`: for this device it is over, another device of the same user has it. */
    outcome: callOutcome.optional(),
    /** What the one who ended it gave as reason. */
    reason: z.string().optional(),
    participants: z.array(participant),
    createdAt: timestamp,
    /** While ringing: when it counts as missed. */
    ringsUntil: timestamp.optional(),
    answeredAt: timestamp.optional(),
    endedAt: timestamp.optional(),
    /** From the answer to the end, once ended. */
    durationMs: z.number().int().optional(),
    /** Grows with each change: an event with a lower one than you have is old. */
    version: z.number().int(),
  })
  .meta({ id: 'Call' });

const iceServer = z
  .object({ urls: z.array(z.string()), username: z.string().optional(), credential: z.string().optional() })
  .meta({ id: 'IceServer' });

const tag = 'calls';
const access = 'user';

export const calls = {
  iceServers: operation({
    id: 'getIceServers',
    method: 'GET',
    path: '/calls/ice-servers',
    tag,
    access,
    summary: 'STUN and TURN servers for RTCPeerConnection; the credentials are mine and end after ttlSeconds',
    response: z.object({ iceServers: z.array(iceServer), ttlSeconds: z.number().int() }),
  }),
  list: operation({
    id: 'listCalls',
    method: 'GET',
    path: '/calls',
    tag,
    access,
    summary: 'My calls, newest first; with active=true those that have not ended',
    query: z.strictObject({ ...pageQuery.shape, active: queryFlag.optional() }),
    response: pageOf(call),
  }),
  get: operation({
    id: 'getCall',
    method: 'GET',
    path: '/calls/{callId}',
    tag,
    access,
    summary: 'One call that I am or was part of',
    params: z.strictObject({ callId: id }),
    response: call,
    errors: ['call.not_found'],
  }),
};

const act = z.strictObject({ callId: id, reason: text(100).optional() });
const answer = z.object({ call });
const acting = ['call.not_found', 'call.not_allowed', 'call.ended', 'call.answered_elsewhere'];

const signalFields = {
  callId: id,
  kind: z.enum(['offer', 'answer', 'candidate', 'end-of-candidates', 'media']),
  /** Any JSON, passed on unchanged; at most 64 KiB. */
  data: boundedJson(MAX_SIGNAL_KIB).refine((value) => value !== undefined, 'is required'),
};

export const callCommands = {
  invite: socketCommand({
    event: 'call:invite',
    summary:
      'Rings the other of a direct conversation, or one named member. When they are calling me right now, this accepts their call',
    input: z.strictObject({
      conversationId: id,
      /** May be left out in a direct conversation. */
      calleeIds: z.array(id).min(1).max(100).optional(),
      media: z.array(medium).min(1).max(2),
    }),
    output: answer,
    errors: [
      'conversation.not_found',
      'call.not_allowed',
      'call.callee_not_found',
      'call.already_in_call',
      'call.group_not_supported',
    ],
  }),
  ringing: socketCommand({
    event: 'call:ringing',
    summary: 'This device rings',
    input: act,
    output: answer,
    errors: acting,
  }),
  accept: socketCommand({
    event: 'call:accept',
    summary: 'Takes the call on this device; my other devices stop ringing. One device wins',
    input: act,
    output: answer,
    errors: acting,
  }),
  reject: socketCommand({
    event: 'call:reject',
    summary: 'Declines on all my devices; reason `busy` makes the outcome busy',
    input: act,
    output: answer,
    errors: acting,
  }),
  cancel: socketCommand({
    event: 'call:cancel',
    summary: 'Takes my call back; when it was accepted a moment ago, hangs up',
    input: act,
    output: answer,
    errors: acting,
  }),
  hangup: socketCommand({
    event: 'call:hangup',
    summary: 'Ends the call; reason `failed` makes the outcome failed',
    input: act,
    output: answer,
    errors: acting,
  }),
  signal: socketCommand({
    event: 'call:signal',
    summary:
      'Passes something on to the other’s device, unchanged and in order. Before the call is accepted only the caller may, to all devices that ring',
    input: z.strictObject({ ...signalFields, toUserId: id, toDeviceId: id.optional() }),
    output: z.object({}),
    errors: [...acting, 'limit.size'],
  }),
};

export const callEvents = {
  incoming: socketEvent({
    event: 'call:incoming',
    summary:
      'Somebody calls me: ring, and say call:ringing. Comes again until a device of mine says so; known by its callId',
    payload: answer,
  }),
  changed: socketEvent({
    event: 'call:changed',
    summary: 'A call of mine changed; the whole call',
    payload: answer,
  }),
  signal: socketEvent({
    event: 'call:signal',
    summary: 'Something from the other’s device, as it was sent',
    payload: z.object({
      callId: z.string(),
      fromUserId: z.string(),
      fromDeviceId: z.string(),
      kind: signalFields.kind,
      data: z.json(),
    }),
  }),
};
