import type { UserId } from '@parley/kernel';
import { type Member, outranks, type Role, WORLD } from './conversation.js';
import {
  conversationDisbanded,
  conversationFull,
  conversationNotFound,
  invitationNotFound,
  removedMember,
  roleTooLow,
} from './conversation.errors.js';
import type { ConversationDraft } from './conversation-draft.js';
import { actingHost, actingInGroup, actingMember, refuseFixed } from './guards.js';
import { used } from './invitation.js';

export interface Limits {
  /** Of kind group; rooms have none. */
  groupMembers: number;
}

export function newMember(userId: UserId, role: Role, now: number): Member {
  return { userId, role, nickname: '', joinedAt: now, mutedUntil: 0 };
}

/** By oneself, into an open conversation. A repeat changes nothing. Who was removed waits to be let in again. */
export function join(draft: ConversationDraft, actorId: UserId, limits: Limits): void {
  if (draft.member(actorId) !== undefined) return;
  if (draft.conversation.joinPolicy !== 'open' || draft.conversation.disbanded) throw conversationNotFound();
  if (draft.removedIn(actorId) !== undefined) throw removedMember();
  enter(draft, actorId, [actorId], limits);
}

/** By an invitation. Who is a member already uses none up. Who was removed needs one that owner or admins made afterwards. */
export function joinByInvitation(draft: ConversationDraft, actorId: UserId, limits: Limits): void {
  const { invitation, conversation } = draft;
  if (invitation === undefined || conversation.joinPolicy === 'closed') throw invitationNotFound();
  if (conversation.disbanded) throw conversationDisbanded();
  if (draft.member(actorId) !== undefined) return;
  if ((draft.removedIn(actorId) ?? 0) > invitation.liftsUpTo) throw removedMember();
  draft.setInvitation(used(invitation, draft.now));
  enter(draft, actorId, [actorId], limits);
}

/** Adds those who are not members yet. All or none, but for those who were removed: only owner and admins bring them back. Answers those left out. */
export function addMembers(
  draft: ConversationDraft,
  actorId: UserId,
  userIds: readonly UserId[],
  limits: Limits,
): UserId[] {
  const actor = actingHost(draft, actorId);
  const fresh = userIds.filter((userId) => draft.member(userId) === undefined);
  const isBarred = (userId: UserId) => actor.role === 'member' && draft.removedIn(userId) !== undefined;
  enter(
    draft,
    actorId,
    fresh.filter((userId) => !isBarred(userId)),
    limits,
  );
  return fresh.filter(isBarred);
}

/** An owner hands over to the successor; the last one out disbands. Leaving a disbanded conversation only drops it from one's list. */
export function leave(draft: ConversationDraft, actorId: UserId): void {
  const member = actingMember(draft, actorId);
  refuseFixed(draft);
  const { successor, conversation } = draft;
  if (member.role === 'owner' && successor !== undefined && !conversation.disbanded) {
    draft.patch({ ownerId: successor.userId });
    draft.setMember({ ...successor, role: 'owner' });
    const data = { userId: successor.userId, role: 'owner' };
    draft.record(actorId, { type: 'changed', userId: successor.userId, role: 'owner', data });
  }
  draft.dropMember(actorId);
  draft.record(actorId, { type: 'gone', userId: actorId, removed: false });
  if (draft.conversation.memberCount > 0 || conversation.disbanded || conversation.id === WORLD) return;
  draft.patch({ disbanded: true, ownerId: '' });
  draft.record(actorId, { type: 'disbanded' });
}

/** Removing somebody who is not there changes nothing, so that a repeat is answered as the first was. */
export function removeMember(draft: ConversationDraft, actorId: UserId, userId: UserId): void {
  const actor = actingInGroup(draft, actorId);
  const target = draft.member(userId);
  if (actor.role === 'member') throw roleTooLow();
  if (target === undefined) return;
  if (!outranks(actor.role, target.role)) throw roleTooLow();
  draft.dropMember(userId);
  draft.bar(userId);
  draft.record(actorId, { type: 'gone', userId, removed: true });
}

function enter(draft: ConversationDraft, actorId: UserId, userIds: readonly UserId[], limits: Limits): void {
  const fresh = [...new Set(userIds)];
  if (fresh.length === 0) return;
  const { kind, memberCount } = draft.conversation;
  if (kind === 'group' && memberCount + fresh.length > limits.groupMembers) throw conversationFull();
  for (const userId of fresh) {
    draft.setMember({ ...newMember(userId, 'member', draft.now), mutedUntil: draft.keptMute(userId) });
  }
  draft.record(actorId, { type: 'joined', members: fresh.map((userId) => ({ userId, role: 'member' })) });
}
