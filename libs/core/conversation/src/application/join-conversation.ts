import type { ConversationId, UserId } from '@parley/kernel';
import { invitationNotFound } from '../domain/conversation.errors.js';
import { join, joinByInvitation, type Limits } from '../domain/membership.js';
import type { ConversationStore } from '../ports/conversation-store.js';
import type { ConversationChanges } from './conversation-changes.js';

/** Entering by oneself: open conversations by their id, others by an invitation. Guests as everyone else. */
export class JoinConversation {
  constructor(
    private readonly store: ConversationStore,
    private readonly changes: ConversationChanges,
    private readonly limits: Limits,
  ) {}

  async execute(actorId: UserId, conversationId: ConversationId): Promise<void> {
    await this.changes.apply(conversationId, { userIds: [actorId] }, (draft) => join(draft, actorId, this.limits));
  }

  /** Uses are counted under the conversation's lock: of many at once, no more than `maxUses` enter. */
  async byInvitation(actorId: UserId, code: string): Promise<ConversationId> {
    const invitation = await this.store.findInvitation(code);
    if (invitation === undefined) throw invitationNotFound();
    const { conversationId } = invitation;
    await this.changes.apply(conversationId, { userIds: [actorId], invitation: code }, (draft) =>
      joinByInvitation(draft, actorId, this.limits),
    );
    return conversationId;
  }
}
