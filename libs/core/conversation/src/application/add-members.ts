import type { ConversationId, UserId } from '@parley/kernel';
import type { Member } from '../domain/conversation.js';
import { addMembers, type Limits } from '../domain/membership.js';
import type { ConversationChanges } from './conversation-changes.js';
import type { WhoMayBeAdded } from './who-may-be-added.js';

export interface AddMembersResult {
  /** Those asked for who are members now, also those who were before. */
  members: Member[];
  refused: UserId[];
}

export class AddMembers {
  constructor(
    private readonly changes: ConversationChanges,
    private readonly candidates: WhoMayBeAdded,
    private readonly limits: Limits,
  ) {}

  async execute(
    actorId: UserId,
    conversationId: ConversationId,
    userIds: readonly UserId[],
  ): Promise<AddMembersResult> {
    const { accepted, refused } = await this.candidates.sort(actorId, userIds);
    return this.changes.apply(conversationId, { userIds: [actorId, ...accepted] }, (draft) => {
      const barred = addMembers(draft, actorId, accepted, this.limits);
      return { members: accepted.flatMap((userId) => draft.member(userId) ?? []), refused: [...refused, ...barred] };
    });
  }
}
