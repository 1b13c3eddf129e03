import { z } from 'zod';
import { id, pageOf, pageQuery, seq, text, timestamp } from './common.js';
import { message } from './messages.js';
import { operation } from './operation.js';
import { person } from './people.js';
import { socketEvent } from './socket.js';
import { tier } from './tiers.js';

const joinPolicy = z.enum(['open', 'invitation', 'closed']);
const sendPolicy = z.enum(['members', 'admins']);
export const memberRole = z.enum(['owner', 'admin', 'member']);
export const mySettings = z.object({ muted: z.boolean(), pinned: z.boolean(), archived: z.boolean() });
export const announcement = z.object({ text: z.string(), authorId: z.string(), updatedAt: timestamp });

/** What does not depend on who asks. */
const face = {
  conversationId: z.string(),
  kind: z.enum(['direct', 'group', 'room', 'self']),
  title: z.string(),
  description: z.string(),
  avatarFileId: z.string().optional(),
  ownerId: z.string().optional(),
  joinPolicy,
  /** `admins`: only owner and admins may send, others get `message.admins_only`. */
  sendPolicy,
  historyBeforeJoin: z.boolean(),
  memberCount: z.number().int(),
  announcement: announcement.optional(),
  createdAt: timestamp,
  disbanded: z.boolean(),
  tier,
};

export const conversation = z
  .object({
    ...face,
    /** The other of a direct conversation. */
    peer: person.optional(),
    headSeq: seq,
    /** Changes when the log was restored from a backup: what a device has of it is void. */
    epoch: z.string(),
    lastMessage: message.optional(),
    lastActivityAt: timestamp,
    /** Mine. Absent when I am not a member. */
    role: memberRole.optional(),
    readSeq: seq,
    deliveredSeq: seq,
    unreadCount: z.number().int(),
    mentionCount: z.number().int(),
    /** The log's seq when I joined. */
    joinedSeq: seq,
    mutedUntil: timestamp.optional(),
    settings: mySettings,
    /** Others' cursors, where the tier shows them per member. */
    cursors: z.array(z.object({ userId: z.string(), deliveredSeq: seq, readSeq: seq })).optional(),
  })
  .meta({ id: 'Conversation' });
export type Conversation = z.input<typeof conversation>;

/** A room as the list of rooms shows it, also to those who are not in it. */
export const room = z.object({ ...face, role: memberRole.optional() }).meta({ id: 'Room' });

const tag = 'conversations';
const access = 'user';
const byId = z.strictObject({ conversationId: id });
const title = text(100, 1);
const description = text(2000);

export const conversations = {
  list: operation({
    id: 'listConversations',
    method: 'GET',
    path: '/conversations',
    tag,
    access,
    summary: 'My conversations, latest activity first',
    query: pageQuery,
    response: pageOf(conversation),
  }),
  create: operation({
    id: 'createConversation',
    method: 'POST',
    path: '/conversations',
    tag,
    access,
    status: 201,
    idempotent: true,
    summary: 'Creates a group or a room. Users who cannot be added are named in refusedUserIds',
    body: z.strictObject({
      kind: z.enum(['group', 'room']),
      title,
      description: description.optional(),
      memberIds: z.array(id).max(1000).optional(),
      /** Where not said: `invitation` for a group, `open` for a room. */
      joinPolicy: joinPolicy.optional(),
      /** Where not said: no for a group, yes for a room. */
      historyBeforeJoin: z.boolean().optional(),
    }),
    response: z.object({ ...conversation.shape, refusedUserIds: z.array(z.string()) }),
    errors: ['conversation.full', 'conversation.idempotency_conflict'],
  }),
  openDirect: operation({
    id: 'openDirect',
    method: 'PUT',
    path: '/conversations/direct/{userId}',
    tag,
    access,
    summary: 'My direct conversation with a user, made when there is none. With my own id: notes to myself',
    params: z.strictObject({ userId: id }),
    response: conversation,
    errors: ['user.not_found'],
  }),
  get: operation({
    id: 'getConversation',
    method: 'GET',
    path: '/conversations/{conversationId}',
    tag,
    access,
    summary: 'One of my conversations',
    params: byId,
    response: conversation,
    errors: ['conversation.not_found'],
  }),
  update: operation({
    id: 'updateConversation',
    method: 'PATCH',
    path: '/conversations/{conversationId}',
    tag,
    access,
    summary: 'Changes title, avatar, description, join policy or who may send (owner, admins)',
    params: byId,
    body: z.strictObject({
      title: title.optional(),
      /** An image of mine: whoever sees the conversation may read it as long as it is its avatar. null takes the avatar away. */
      avatarFileId: id.nullable().optional(),
      description: description.optional(),
      joinPolicy: joinPolicy.optional(),
      sendPolicy: sendPolicy.optional(),
    }),
    response: conversation,
    errors: [
      'conversation.not_found',
      'conversation.role_too_low',
      'conversation.fixed',
      'conversation.disbanded',
      'file.not_found',
      'file.not_ready',
      'file.not_an_image',
    ],
  }),
  disband: operation({
    id: 'disbandConversation',
    method: 'DELETE',
    path: '/conversations/{conversationId}',
    tag,
    access,
    summary: 'Ends a group or room for everyone (owner); members keep its history',
    params: byId,
    errors: ['conversation.not_found', 'conversation.role_too_low', 'conversation.fixed'],
  }),
  leave: operation({
    id: 'leaveConversation',
    method: 'POST',
    path: '/conversations/{conversationId}/leave',
    tag,
    access,
    summary: 'Leaves. An owner hands over to the oldest admin, else the oldest member; the last one out disbands it',
    params: byId,
    errors: ['conversation.not_found', 'conversation.fixed'],
  }),
  join: operation({
    id: 'joinConversation',
    method: 'POST',
    path: '/conversations/{conversationId}/join',
    tag,
    access,
    summary: 'Joins an open room or group; a repeat changes nothing. Who was removed must be let in again',
    params: byId,
    response: conversation,
    errors: ['conversation.not_found', 'conversation.full', 'conversation.removed_member'],
  }),
  rooms: operation({
    id: 'listRooms',
    method: 'GET',
    path: '/rooms',
    tag,
    access,
    summary: 'Rooms that everyone may join; the one with the id `world` is always there and first',
    query: pageQuery,
    response: pageOf(room),
  }),
};

const changed = z.object({
  conversationId: z.string(),
  seq: z
    .int()
    .describe('Where in the log of the conversation this was. Older than what is known already: nothing to do'),
});

export const conversationEvents = {
  added: socketEvent({
    event: 'conversation:added',
    summary: 'I am in a conversation that I was not in before: load it',
    payload: changed,
  }),
  removed: socketEvent({
    event: 'conversation:removed',
    summary: 'I am no longer in a conversation: drop it',
    payload: changed,
  }),
  settings: socketEvent({
    event: 'conversation:settings',
    summary: 'I changed my settings of a conversation, on this or another device',
    payload: z.object({ conversationId: z.string(), settings: mySettings }),
  }),
};
