import {
  type CallId,
  type Clock,
  type ConversationId,
  DomainError,
  type IdGenerator,
  type UserId,
} from '@parley/kernel';
import type { Actor, Call, CallTimes, Medium } from '../domain/call.js';
import { ended, newCall, participantOf } from '../domain/call.js';
import {
  alreadyInCall,
  callBusy,
  calleeNotFound,
  callNotAllowed,
  conversationNotFound,
  groupNotSupported,
} from '../domain/call.errors.js';
import type { CallStore } from '../ports/call-store.js';
import type { Conversation } from '../ports/conversation.js';
import type { CallDesk } from './call-desk.js';

export interface InviteCommand {
  actor: Actor;
  conversationId: ConversationId;
  /** Empty: the other of a direct conversation. */
  calleeIds: readonly UserId[];
  media: readonly Medium[];
  /** A repeat answers the first call. Empty: none. */
  idempotencyKey: string;
}

const ATTEMPTS = 4;

/**
 * Begins a call. A user is in at most one live call:
 * - the callee is in one: the call ends at once as `busy`, and nothing rings;
 * - the caller is in one: `call.already_in_call`, but
 *   – a repeat of the same device to the same person while it rings answers the call that rings (a lost ack);
 *   – when the other is calling here right now (glare), inviting them accepts their call. Of two invitations at once the store
 *     takes one; the other finds it and joins it, so both talk and nobody gets `busy` for trying to reach each other.
 */
export class Invite {
  constructor(
    private readonly calls: CallStore,
    private readonly conversation: Conversation,
    private readonly desk: CallDesk,
    private readonly clock: Clock,
    private readonly ids: IdGenerator,
    private readonly times: CallTimes,
  ) {}

  async execute(command: InviteCommand): Promise<Call> {
    const { actor, conversationId, media, idempotencyKey } = command;
    const calleeId = await this.callee(command);
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const live = await this.calls.liveCallOf(actor.userId);
      if (live !== undefined) {
        const same = await this.sameCall(live, command, calleeId);
        if (same !== undefined) return same;
        continue;
      }
      const callId = this.ids.next() as CallId;
      const invitation = { callId, conversationId, caller: actor, calleeIds: [calleeId], media };
      const call = newCall(invitation, this.clock.now(), this.times);
      const outcome = await this.desk.begin(call, actor, idempotencyKey);
      if (outcome.is === 'begun') return call;
      if (outcome.is === 'repeated') return outcome.call;
      // The actor was faster on another device, or the other one with a call to here: look again.
      if (outcome.userId === actor.userId || (await this.rings(calleeId, actor.userId))) continue;
      const busy = ended(call, 'busy', this.clock.now());
      const again = await this.desk.begin(busy, actor, idempotencyKey);
      return again.is === 'repeated' ? again.call : busy;
    }
    throw callBusy();
  }

  /** The live call, where this invitation means it. Undefined: it changed meanwhile, look again. */
  private async sameCall(live: Call, command: InviteCommand, calleeId: UserId): Promise<Call | undefined> {
    const { actor, conversationId } = command;
    const isPair = live.conversationId === conversationId && participantOf(live, calleeId) !== undefined;
    if (!isPair || live.state !== 'ringing') throw alreadyInCall();
    if (live.callerId === actor.userId) {
      if (participantOf(live, actor.userId)?.deviceId !== actor.deviceId) throw alreadyInCall();
      return live;
    }
    try {
      return await this.desk.act(live.callId, { is: 'accept', by: actor, reason: '' });
    } catch (error) {
      // It ended, or another device took it, between the look and the accept.
      if (error instanceof DomainError && (error.kind === 'precondition' || error.kind === 'conflict'))
        return undefined;
      throw error;
    }
  }

  private async rings(callerId: UserId, calleeId: UserId): Promise<boolean> {
    const live = await this.calls.liveCallOf(callerId);
    return live?.state === 'ringing' && live.callerId === callerId && participantOf(live, calleeId) !== undefined;
  }

  private async callee({ actor, conversationId, calleeIds }: InviteCommand): Promise<UserId> {
    const named = [...new Set(calleeIds)];
    const { kind, members } = await this.conversation.members(conversationId, [actor.userId, ...named]);
    const me = members.find((member) => member.userId === actor.userId);
    if (me === undefined) throw conversationNotFound();
    if (!me.maySend) throw callNotAllowed();
    if (named.length > 1 || (named.length === 0 && (kind === 'group' || kind === 'room'))) throw groupNotSupported();
    const calleeId = named[0] ?? (await this.other(conversationId, actor.userId));
    const isMember = named.length === 0 || members.some((member) => member.userId === calleeId);
    if (calleeId === undefined || calleeId === actor.userId || !isMember) throw calleeNotFound();
    return calleeId;
  }

  private async other(conversationId: ConversationId, userId: UserId): Promise<UserId | undefined> {
    const members = await this.conversation.firstMembers(conversationId, 2);
    return members.find((member) => member !== userId);
  }
}
