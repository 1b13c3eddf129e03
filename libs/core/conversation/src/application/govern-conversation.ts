import type { ConversationId, UserId } from '@parley/kernel';
import type { Announcement } from '../domain/conversation.js';
import { announce, type ConversationPatch, disband, update } from '../domain/governance.js';
import type { ConversationChanges } from './conversation-changes.js';

/** What owner and admins change of the conversation itself. */
export class GovernConversation {
  constructor(private readonly changes: ConversationChanges) {}

  async update(actorId: UserId, conversationId: ConversationId, patch: ConversationPatch): Promise<void> {
    await this.changes.apply(conversationId, { userIds: [actorId] }, (draft) => update(draft, actorId, patch));
  }

  announce(actorId: UserId, conversationId: ConversationId, text: string): Promise<Announcement> {
    return this.changes.apply(conversationId, { userIds: [actorId] }, (draft) => announce(draft, actorId, text));
  }

  async disband(actorId: UserId, conversationId: ConversationId): Promise<void> {
    await this.changes.apply(conversationId, { userIds: [actorId] }, (draft) => disband(draft, actorId));
  }
}
