import type { Clock, IdGenerator, UserId } from '@parley/kernel';
import type { Conversation } from '../domain/conversation.js';
import { invitationNotFound } from '../domain/conversation.errors.js';
import { ConversationDraft } from '../domain/conversation-draft.js';
import type { Invitation } from '../domain/invitation.js';
import { joinByInvitation, type Limits } from '../domain/membership.js';
import type { ConversationStore } from '../ports/conversation-store.js';

export interface InvitationPreview {
  invitation: Invitation;
  conversation: Conversation;
  alreadyMember: boolean;
}

/** What an invitation leads to, for who has its code. Refused as accepting it would be: it is accepted for a trial, and nothing is written. */
export class PreviewInvitation {
  constructor(
    private readonly store: ConversationStore,
    private readonly limits: Limits,
    private readonly clock: Clock,
    private readonly ids: IdGenerator,
  ) {}

  async execute(actorId: UserId, code: string): Promise<InvitationPreview> {
    const invitation = await this.store.findInvitation(code);
    const loaded =
      invitation && (await this.store.look(invitation.conversationId, { userIds: [actorId], invitation: code }));
    if (invitation === undefined || loaded === undefined) throw invitationNotFound();
    joinByInvitation(new ConversationDraft(loaded, this.clock.now(), this.ids), actorId, this.limits);
    return { invitation, conversation: loaded.conversation, alreadyMember: loaded.members.length > 0 };
  }
}
