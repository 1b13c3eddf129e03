import type { CallId } from '@parley/kernel';
import type { DeviceAction } from '../domain/act.js';
import { type Actor, type Call, participantOf } from '../domain/call.js';
import { callNotFound } from '../domain/call.errors.js';
import type { CallStore } from '../ports/call-store.js';
import type { Conversation } from '../ports/conversation.js';
import type { CallDesk } from './call-desk.js';

export interface ActCommand {
  actor: Actor;
  callId: CallId;
  action: DeviceAction;
  reason: string;
}

/** ringing, accept, reject, cancel or hangup by one device. */
export class ActOnCall {
  constructor(
    private readonly calls: CallStore,
    private readonly conversation: Conversation,
    private readonly desk: CallDesk,
  ) {}

  async execute({ actor, callId, action, reason }: ActCommand): Promise<Call> {
    if (action === 'accept') await this.requireMember(actor, callId);
    return this.desk.act(callId, { is: action, by: actor, reason });
  }

  /** Who was removed while it rang is not let in. Ending a call needs no membership. */
  private async requireMember(actor: Actor, callId: CallId): Promise<void> {
    const call = await this.calls.find(callId);
    if (call === undefined || participantOf(call, actor.userId) === undefined) throw callNotFound();
    const { members } = await this.conversation.members(call.conversationId, [actor.userId]);
    if (members.length === 0) throw callNotFound();
  }
}
