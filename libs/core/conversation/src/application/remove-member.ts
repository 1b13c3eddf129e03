import type { ConversationId, UserId } from '@parley/kernel';
import { removeMember } from '../domain/membership.js';
import type { ConversationChanges } from './conversation-changes.js';

/** Answered when the message service enforces it: no further event, no history for the removed one. */
export class RemoveMember {
  constructor(private readonly changes: ConversationChanges) {}

  async execute(actorId: UserId, conversationId: ConversationId, userId: UserId): Promise<void> {
    await this.changes.apply(conversationId, { userIds: [actorId, userId] }, (draft) =>
      removeMember(draft, actorId, userId),
    );
  }
}
