import type { ConversationId, UserId } from '@parley/kernel';
import { leave } from '../domain/membership.js';
import type { ConversationChanges } from './conversation-changes.js';

export class LeaveConversation {
  constructor(private readonly changes: ConversationChanges) {}

  async execute(actorId: UserId, conversationId: ConversationId): Promise<void> {
    await this.changes.apply(conversationId, { userIds: [actorId] }, (draft) => leave(draft, actorId));
  }
}
