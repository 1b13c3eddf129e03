import type { FileId, UserId } from '@parley/kernel';
import {
  type Announcement,
  type JoinPolicy,
  type Member,
  outranks,
  type Role,
  type SendPolicy,
} from './conversation.js';
import { fixedConversation, roleTooLow } from './conversation.errors.js';
import type { ConversationDraft } from './conversation-draft.js';
import { actingInGroup, actingManager, actingMember, refuseFixed, targetMember } from './guards.js';

export interface ConversationPatch {
  title?: string;
  avatarFileId?: FileId | '';
  description?: string;
  joinPolicy?: JoinPolicy;
  sendPolicy?: SendPolicy;
}

export interface MemberPatch {
  role?: Role;
  /** Milliseconds since the epoch; 0 lifts the mute. */
  mutedUntil?: number;
  nickname?: string;
}

export function update(draft: ConversationDraft, actorId: UserId, patch: ConversationPatch): void {
  actingManager(draft, actorId);
  const before = draft.conversation;
  const data: Record<string, unknown> = Object.fromEntries(
    Object.entries(patch).filter(
      ([field, value]) => value !== undefined && before[field as keyof typeof before] !== value,
    ),
  );
  if (Object.keys(data).length === 0) return;
  draft.patch(data);
  if (data['avatarFileId'] === '') data['avatarFileId'] = null;
  const { sendPolicy } = draft.conversation;
  draft.record(actorId, {
    type: 'event',
    event: 'conversation.changed',
    data,
    ...(sendPolicy === before.sendPolicy ? {} : { sendPolicy }),
  });
}

/** An empty text takes the announcement away. */
export function announce(draft: ConversationDraft, actorId: UserId, text: string): Announcement {
  actingManager(draft, actorId);
  const announcement = { text, authorId: actorId, updatedAt: draft.now };
  draft.patch({ announcement });
  draft.record(actorId, {
    type: 'event',
    event: 'announcement.changed',
    data: { text, authorId: actorId, updatedAt: new Date(draft.now).toISOString() },
  });
  return announcement;
}

/** A repeat changes nothing. */
export function disband(draft: ConversationDraft, actorId: UserId): void {
  const actor = actingMember(draft, actorId);
  refuseFixed(draft);
  if (actor.role !== 'owner') throw roleTooLow();
  if (draft.conversation.disbanded) return;
  draft.patch({ disbanded: true });
  draft.record(actorId, { type: 'disbanded' });
}

/**
 * Roles are the owner's to give; `owner` hands over. A mute needs a higher role than the muted one's. The nickname is
 * one's own or that of somebody lower; it can also be changed where everything else is fixed.
 */
export function changeMember(draft: ConversationDraft, actorId: UserId, userId: UserId, patch: MemberPatch): Member {
  if (patch.role === undefined && patch.mutedUntil === undefined) return rename(draft, actorId, userId, patch);
  const actor = actingInGroup(draft, actorId);
  const target = targetMember(draft, userId);
  const own = actorId === userId;
  if (!outranks(actor.role, target.role) && !(own && patch.mutedUntil === undefined && patch.role === target.role))
    throw roleTooLow();
  const roleChanges = patch.role !== undefined && patch.role !== target.role;
  if (roleChanges && actor.role !== 'owner') throw roleTooLow();
  if (roleChanges && patch.role === 'owner') {
    draft.patch({ ownerId: userId });
    apply(draft, actorId, actor, { role: 'admin' });
  }
  return apply(draft, actorId, target, patch);
}

function rename(draft: ConversationDraft, actorId: UserId, userId: UserId, patch: MemberPatch): Member {
  const actor = actingMember(draft, actorId);
  const target = targetMember(draft, userId);
  if (draft.conversation.kind === 'self') throw fixedConversation();
  if (actorId !== userId && !outranks(actor.role, target.role)) throw roleTooLow();
  return apply(draft, actorId, target, patch);
}

function apply(draft: ConversationDraft, actorId: UserId, target: Member, patch: MemberPatch): Member {
  const role = patch.role === target.role ? undefined : patch.role;
  const until = patch.mutedUntil === undefined || patch.mutedUntil > draft.now ? patch.mutedUntil : 0;
  const mutedUntil = until === target.mutedUntil ? undefined : until;
  const nickname = patch.nickname === target.nickname ? undefined : patch.nickname;
  if (role === undefined && mutedUntil === undefined && nickname === undefined) return target;
  const changed: Member = {
    ...target,
    ...(role === undefined ? {} : { role }),
    ...(mutedUntil === undefined ? {} : { mutedUntil }),
    ...(nickname === undefined ? {} : { nickname }),
  };
  draft.setMember(changed);
  draft.record(actorId, {
    type: 'changed',
    userId: target.userId,
    ...(role === undefined ? {} : { role }),
    ...(mutedUntil === undefined ? {} : { mutedUntil }),
    data: {
      userId: target.userId,
      ...(role === undefined ? {} : { role }),
      ...(mutedUntil === undefined ? {} : { mutedUntil: mutedUntil === 0 ? null : new Date(mutedUntil).toISOString() }),
      ...(nickname === undefined ? {} : { nickname }),
    },
  });
  return changed;
}
