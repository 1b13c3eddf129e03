import type { ConversationId, UserId } from '@parley/kernel';
import { invitationExpired, invitationUsedUp } from './conversation.errors.js';

export interface Invitation {
  /** Unguessable: who has it may join. */
  code: string;
  conversationId: ConversationId;
  createdBy: UserId;
  createdAt: number;
  expiresAt: number;
  /** 0: without limit. */
  maxUses: number;
  uses: number;
  /** The conversation's version that made it, and that lets in who was removed before; 0 lets none of them in. */
  liftsUpTo: number;
}

export const DEFAULT_INVITATION_MS = 7 * 24 * 3600 * 1000;

export function isUsable(invitation: Invitation, now: number): boolean {
  return now < invitation.expiresAt && (invitation.maxUses === 0 || invitation.uses < invitation.maxUses);
}

/** One use, counted. Throws when it is over. */
export function used(invitation: Invitation, now: number): Invitation {
  if (now >= invitation.expiresAt) throw invitationExpired();
  if (!isUsable(invitation, now)) throw invitationUsedUp();
  return { ...invitation, uses: invitation.uses + 1 };
}
