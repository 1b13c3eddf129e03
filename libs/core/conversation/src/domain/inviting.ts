import type { UserId } from '@parley/kernel';
import { invitationNotFound, roleTooLow } from './conversation.errors.js';
import type { ConversationDraft } from './conversation-draft.js';
import { actingHost, actingInGroup } from './guards.js';
import { DEFAULT_INVITATION_MS, type Invitation } from './invitation.js';

export interface InvitationWish {
  code: string;
  /** 0: seven days. */
  ttlMs: number;
  maxUses: number;
}

export function invite(draft: ConversationDraft, actorId: UserId, wish: InvitationWish): Invitation {
  const actor = actingHost(draft, actorId);
  // An invitation that nobody could use would be a trap.
  if (draft.conversation.joinPolicy === 'closed')
    throw roleTooLow({ message: 'The conversation takes no invitations.' });
  const invitation: Invitation = {
    code: wish.code,
    conversationId: draft.conversation.id,
    createdBy: actorId,
    createdAt: draft.now,
    expiresAt: draft.now + (wish.ttlMs === 0 ? DEFAULT_INVITATION_MS : wish.ttlMs),
    maxUses: wish.maxUses,
    uses: 0,
    // Only who may remove may let somebody back in.
    liftsUpTo: actor.role === 'member' ? 0 : draft.version,
  };
  draft.setInvitation(invitation);
  return invitation;
}

/** Owner, admins, and who made it. */
export function revoke(draft: ConversationDraft, actorId: UserId): void {
  const actor = actingInGroup(draft, actorId);
  if (draft.invitation === undefined) throw invitationNotFound();
  if (actor.role === 'member' && draft.invitation.createdBy !== actorId) throw invitationNotFound();
  draft.revokeInvitation(draft.invitation.code);
}
