import type { ConversationId, UserId } from '@parley/kernel';
import { CountingIds, SetClock } from '@parley/kernel/testing';
import { ActOnCall } from '../application/act-on-call.js';
import { CallDesk } from '../application/call-desk.js';
import { EndOverdueCalls } from '../application/end-overdue-calls.js';
import { FactRelay } from '../application/fact-relay.js';
import { DeviceBack, DeviceGone } from '../application/follow-devices.js';
import { Invite, type InviteCommand } from '../application/invite.js';
import { PassSignal } from '../application/pass-signal.js';
import { GetCall, ListCalls } from '../application/read-calls.js';
import { RingAgain } from '../application/ring-again.js';
import type { DeviceAction } from '../domain/act.js';
import type { Actor, Call, CallTimes } from '../domain/call.js';
import type { SignalKind } from '../domain/signal.js';
import type { CallStore } from '../ports/call-store.js';
import type { PendingFacts } from '../ports/pending-facts.js';
import { FakeConversation, FakeDevices } from './fakes.js';

export const TIMES: CallTimes = { ringMs: 45_000, connectMs: 60_000, graceMs: 20_000, maxMs: 3_600_000 };

export interface DeskParts {
  calls: CallStore;
  pending: PendingFacts;
  clock?: SetClock;
  conversation?: FakeConversation;
  devices?: FakeDevices;
  /** Makes the ids of two desks differ. */
  name?: string;
}

/** A device of a user, by names that say whose it is. */
export function device(userId: string, deviceId = 'phone', session = ''): Actor {
  return { userId, deviceId: `${userId}-${deviceId}`, sessionId: `${userId}-${deviceId}-session${session}` } as Actor;
}

/** The whole service as one process has it, around a store. `direct` is a conversation of ann and bob. */
export function desk(parts: DeskParts) {
  const { calls, pending } = parts;
  const clock = parts.clock ?? new SetClock();
  const conversation = parts.conversation ?? new FakeConversation();
  const devices = parts.devices ?? new FakeDevices();
  const refused: string[] = [];
  const relay = new FactRelay(pending, conversation, (changeId) => refused.push(changeId));
  const callDesk = new CallDesk(calls, devices, relay, clock, TIMES);
  const inviting = new Invite(calls, conversation, callDesk, clock, new CountingIds(parts.name ?? 'call'), TIMES);
  const acting = new ActOnCall(calls, conversation, callDesk);
  const passing = new PassSignal(calls, devices, callDesk);
  conversation.set('direct', 'direct', { ann: true, bob: true });
  return {
    ...{ calls, pending, clock, conversation, devices, refused, relay, callDesk },
    sweep: new EndOverdueCalls(calls, callDesk, clock),
    again: new RingAgain(calls, callDesk, clock),
    gone: new DeviceGone(calls, callDesk),
    back: new DeviceBack(calls, callDesk),
    get: new GetCall(calls),
    list: new ListCalls(calls),
    invite: (actor: Actor, more: Partial<InviteCommand> = {}): Promise<Call> =>
      inviting.execute({
        ...{ actor, conversationId: 'direct' as ConversationId, calleeIds: [], media: ['audio'], idempotencyKey: '' },
        ...more,
      }),
    act: (action: DeviceAction, actor: Actor, call: Call, reason = ''): Promise<Call> =>
      acting.execute({ actor, callId: call.callId, action, reason }),
    signal: (from: Actor, toUserId: string, call: Call, data: unknown = {}, kind: SignalKind = 'candidate') =>
      passing.execute({
        ...{ callId: call.callId, from, toUserId: toUserId as UserId, toDeviceId: '', kind },
        dataJson: JSON.stringify(data),
      }),
  };
}
