import { z } from 'zod';
import { id, pageOf, pageQuery, text, timestamp } from './common.js';
import { announcement, conversation, memberRole, mySettings } from './conversations.js';
import { operation } from './operation.js';
import { person } from './people.js';

export const member = z
  .object({
    userId: z.string(),
    role: memberRole,
    nickname: z.string(),
    joinedAt: timestamp,
    mutedUntil: timestamp.optional(),
    user: person.optional(),
  })
  .meta({ id: 'Member' });

export const invitation = z
  .object({
    code: z.string(),
    conversationId: z.string(),
    createdBy: z.string(),
    expiresAt: timestamp,
    /** 0: without limit. */
    maxUses: z.number().int(),
    uses: z.number().int(),
  })
  .meta({ id: 'Invitation' });

/** What an invitation leads to, for who has its code. */
export const invitationPreview = z
  .object({
    code: z.string(),
    conversationId: z.string(),
    kind: z.enum(['group', 'room']),
    title: z.string(),
    description: z.string(),
    avatarFileId: z.string().optional(),
    memberCount: z.number().int(),
    inviter: person,
    expiresAt: timestamp,
    alreadyMember: z.boolean(),
  })
  .meta({ id: 'InvitationPreview' });

const tag = 'members';
const access = 'user';
const byId = z.strictObject({ conversationId: id });
const byMember = z.strictObject({ conversationId: id, userId: id });
const ruled = [
  'conversation.not_found',
  'conversation.role_too_low',
  'conversation.fixed',
  'conversation.disbanded',
] as const;
const enteringByInvitation = [
  'invitation.not_found',
  'invitation.expired',
  'invitation.used_up',
  'conversation.full',
  'conversation.disbanded',
  'conversation.removed_member',
] as const;
const MAX_TTL_SECONDS = 90 * 24 * 3600;

export const members = {
  list: operation({
    id: 'listMembers',
    method: 'GET',
    path: '/conversations/{conversationId}/members',
    tag,
    access,
    summary:
      'Members: owner, admins, then the others by the time they joined. With `q`, at most `limit` of those whose nickname, username or a word of whose display name begins so, on one page',
    params: byId,
    query: pageQuery.extend({ q: text(64, 1).optional() }),
    response: pageOf(member),
    errors: ['conversation.not_found'],
  }),
  get: operation({
    id: 'getMember',
    method: 'GET',
    path: '/conversations/{conversationId}/members/{userId}',
    tag,
    access,
    summary: 'One member',
    params: byMember,
    response: member,
    errors: ['conversation.not_found', 'conversation.member_not_found'],
  }),
  add: operation({
    id: 'addMembers',
    method: 'POST',
    path: '/conversations/{conversationId}/members',
    tag,
    access,
    summary: 'Adds users (owner, admins; in an open conversation every member). Those who cannot be added are named',
    params: byId,
    body: z.strictObject({ userIds: z.array(id).min(1).max(1000) }),
    response: z.object({ items: z.array(member), refusedUserIds: z.array(z.string()) }),
    errors: [...ruled, 'conversation.full'],
  }),
  change: operation({
    id: 'changeMember',
    method: 'PATCH',
    path: '/conversations/{conversationId}/members/{userId}',
    tag,
    access,
    summary: 'Role (owner only; `owner` hands over), mute, nickname (also one’s own)',
    params: byMember,
    body: z.strictObject({
      role: memberRole.optional(),
      /** null lifts the mute. */
      mutedUntil: timestamp.nullable().optional(),
      nickname: text(50).optional(),
    }),
    response: member,
    errors: [...ruled, 'conversation.member_not_found'],
  }),
  remove: operation({
    id: 'removeMember',
    method: 'DELETE',
    path: '/conversations/{conversationId}/members/{userId}',
    tag,
    access,
    summary: 'Removes a member of a lower role; answered when nothing more reaches them',
    params: byMember,
    errors: ruled,
  }),
  settings: operation({
    id: 'setMySettings',
    method: 'PUT',
    path: '/conversations/{conversationId}/me',
    tag,
    access,
    summary: 'My own settings of a conversation; fields not named stay',
    params: byId,
    body: z.strictObject(mySettings.partial().shape),
    response: mySettings,
    errors: ['conversation.not_found'],
  }),
  announce: operation({
    id: 'setAnnouncement',
    method: 'PUT',
    path: '/conversations/{conversationId}/announcement',
    tag,
    access,
    summary: 'Sets the announcement (owner, admins); an empty text takes it away',
    params: byId,
    body: z.strictObject({ text: text(2000) }),
    response: announcement,
    errors: ruled,
  }),
  invitations: operation({
    id: 'listInvitations',
    method: 'GET',
    path: '/conversations/{conversationId}/invitations',
    tag,
    access,
    summary: 'Invitations that still work: all for owner and admins, their own for members',
    params: byId,
    response: z.object({ items: z.array(invitation) }),
    errors: ruled,
  }),
  invite: operation({
    id: 'createInvitation',
    method: 'POST',
    path: '/conversations/{conversationId}/invitations',
    tag,
    access,
    status: 201,
    summary: 'Makes an invitation (owner, admins; in an open conversation every member)',
    params: byId,
    body: z.strictObject({
      /** Seven days where not said. */
      ttlSeconds: z.number().int().min(60).max(MAX_TTL_SECONDS).optional(),
      /** 0, where not said: without limit. */
      maxUses: z.number().int().min(0).max(100_000).optional(),
    }),
    response: invitation,
    errors: ruled,
  }),
  revoke: operation({
    id: 'revokeInvitation',
    method: 'DELETE',
    path: '/conversations/{conversationId}/invitations/{code}',
    tag,
    access,
    summary: 'Ends an invitation (owner, admins, its maker)',
    params: z.strictObject({ conversationId: id, code: id }),
    errors: [...ruled, 'invitation.not_found'],
  }),
  previewInvitation: operation({
    id: 'previewInvitation',
    method: 'GET',
    path: '/invitations/{code}',
    tag,
    access,
    summary: 'What an invitation leads to; refused as accepting it would be',
    params: z.strictObject({ code: id }),
    response: invitationPreview,
    errors: enteringByInvitation,
  }),
  acceptInvitation: operation({
    id: 'acceptInvitation',
    method: 'POST',
    path: '/invitations/{code}/accept',
    tag,
    access,
    summary: 'Joins by an invitation; who is a member already uses none up',
    params: z.strictObject({ code: id }),
    response: conversation,
    errors: enteringByInvitation,
  }),
};
