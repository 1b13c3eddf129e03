import type { ConversationId, UserId } from '@parley/kernel';
import type { Member } from '../domain/conversation.js';
import { changeMember, type MemberPatch } from '../domain/governance.js';
import type { ConversationChanges } from './conversation-changes.js';

/** Role, mute and nickname of a member. */
export class ChangeMember {
  constructor(private readonly changes: ConversationChanges) {}

  execute(actorId: UserId, conversationId: ConversationId, userId: UserId, patch: MemberPatch): Promise<Member> {
    return this.changes.apply(conversationId, { userIds: [actorId, userId] }, (draft) =>
      changeMember(draft, actorId, userId, patch),
    );
  }
}
