import type { Clock, ConversationId, IdGenerator, UserId } from '@parley/kernel';
import { conversationNotFound } from '../domain/conversation.errors.js';
import { type Invitation, isUsable } from '../domain/invitation.js';
import { invite, revoke } from '../domain/inviting.js';
import type { ConversationStore } from '../ports/conversation-store.js';
import type { ConversationChanges } from './conversation-changes.js';

export class ManageInvitations {
  constructor(
    private readonly store: ConversationStore,
    private readonly changes: ConversationChanges,
    private readonly clock: Clock,
    private readonly ids: IdGenerator,
  ) {}

  /** @param ttlMs 0 means seven days. @param maxUses 0 means without limit. */
  create(actorId: UserId, conversationId: ConversationId, ttlMs: number, maxUses: number): Promise<Invitation> {
    const wish = { code: this.ids.secret(), ttlMs, maxUses };
    return this.changes.apply(conversationId, { userIds: [actorId] }, (draft) => invite(draft, actorId, wish));
  }

  /** Those that still work: all for owner and admins, their own for members. */
  async list(actorId: UserId, conversationId: ConversationId): Promise<Invitation[]> {
    const [view] = await this.store.views(actorId, [conversationId]);
    const role = view?.membership?.role;
    if (role === undefined) throw conversationNotFound();
    const all = await this.store.invitations(conversationId);
    const now = this.clock.now();
    return all.filter(
      (invitation) => isUsable(invitation, now) && (role !== 'member' || invitation.createdBy === actorId),
    );
  }

  async revoke(actorId: UserId, conversationId: ConversationId, code: string): Promise<void> {
    const scope = { userIds: [actorId], invitation: code };
    await this.changes.apply(conversationId, scope, (draft) => revoke(draft, actorId));
  }
}
