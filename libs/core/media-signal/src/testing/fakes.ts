import { type ConversationId, DomainError, type UserId } from '@parley/kernel';
import type { CallPush } from '../domain/announcement.js';
import type { CallFact } from '../domain/fact.js';
import { CallDevices } from '../ports/call-devices.js';
import { Conversation, type MemberStates } from '../ports/conversation.js';

/** Conversations with their members, and what calls left in their logs. */
export class FakeConversation extends Conversation {
  private readonly known = new Map<string, { kind: string; members: Map<string, boolean> }>();
  readonly log: CallFact[] = [];
  isDown = false;

  /** @param members by id: may they send? */
  set(conversationId: string, kind: string, members: Record<string, boolean>): void {
    this.known.set(conversationId, { kind, members: new Map(Object.entries(members)) });
  }

  async members(conversationId: ConversationId, userIds: readonly UserId[]): Promise<MemberStates> {
    this.requireUp();
    const found = this.known.get(conversationId);
    const members = userIds.flatMap((userId) => {
      const maySend = found?.members.get(userId);
      return maySend === undefined ? [] : [{ userId, maySend }];
    });
    return { kind: found?.kind ?? '', members };
  }

  async firstMembers(conversationId: ConversationId, limit: number): Promise<UserId[]> {
    this.requireUp();
    return [...(this.known.get(conversationId)?.members.keys() ?? [])].slice(0, limit) as UserId[];
  }

  async append(fact: CallFact): Promise<void> {
    this.requireUp();
    if (!this.known.has(fact.conversationId)) throw new DomainError('conversation.not_found', 'not_found');
    if (!this.log.some((one) => one.changeId === fact.changeId)) this.log.push(fact);
  }

  private requireUp(): void {
    if (this.isDown) throw new DomainError('server.unavailable', 'unavailable');
  }
}

/** Keeps what was sent, as `event → whom`. */
export class FakeDevices extends CallDevices {
  readonly pushes: CallPush[] = [];
  isDown = false;

  async announce(pushes: readonly CallPush[]): Promise<void> {
    if (!this.isDown) this.pushes.push(...pushes);
  }

  async pass(push: CallPush): Promise<void> {
    if (this.isDown) throw new DomainError('server.unavailable', 'unavailable');
    this.pushes.push(push);
  }

  /** Payloads of an event that reach this session of this user. */
  to(userId: string, sessionId: string, event: CallPush['event']): Record<string, unknown>[] {
    return this.pushes
      .filter((push) => push.event === event)
      .filter((push) => {
        const byUser = push.userIds.some((one) => one === userId) && push.exceptSessionId !== sessionId;
        return byUser || push.sessionIds.some((one) => one === sessionId);
      })
      .map((push) => JSON.parse(push.payloadJson) as Record<string, unknown>);
  }
}
