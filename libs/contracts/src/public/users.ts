import { z } from 'zod';
import { id, pageOf, pageQuery, queryIds, text, timestamp } from './common.js';
import { operation } from './operation.js';
import { socketEvent } from './socket.js';

/** A user. `roles` and `mustChangePassword` only for the user themself and for administrators. Of a deleted one only the id stays. */
export const user = z
  .object({
    userId: z.string(),
    /** Absent for guests. */
    username: z.string().optional(),
    displayName: z.string(),
    kind: z.enum(['user', 'guest']),
    avatarFileId: z.string().optional(),
    createdAt: timestamp,
    deleted: z.boolean().optional(),
    roles: z.array(z.string()).optional(),
    mustChangePassword: z.boolean().optional(),
  })
  .meta({ id: 'User' });

/** One login of one device. */
export const session = z
  .object({
    sessionId: z.string(),
    deviceId: z.string(),
    deviceName: z.string().optional(),
    platform: z.string().optional(),
    createdAt: timestamp,
    lastUsedAt: timestamp,
    /** Only to its owner. */
    address: z.string().optional(),
    /** The session that asks. */
    current: z.boolean(),
  })
  .meta({ id: 'Session' });

const tag = 'users';
const access = 'user';
/** Longer ones are refused before they are looked at; 8 to 128 characters make a password. */
export const passwordInput = text(512);

export const users = {
  me: operation({
    id: 'getMe',
    method: 'GET',
    path: '/users/me',
    tag,
    access,
    summary: 'Myself, with my roles',
    response: user,
  }),
  updateMe: operation({
    id: 'updateMe',
    method: 'PATCH',
    path: '/users/me',
    tag,
    access,
    summary: 'Changes my display name or avatar; null takes the avatar away',
    /** `avatarFileId`: an image of mine. From then on everybody who is logged in may read it, as long as it is my avatar. */
    body: z.strictObject({ displayName: text(256).optional(), avatarFileId: id.nullable().optional() }),
    response: user,
    errors: ['file.not_found', 'file.not_ready', 'file.not_an_image'],
  }),
  removeMe: operation({
    id: 'deleteMe',
    method: 'DELETE',
    path: '/users/me',
    tag,
    access,
    summary: 'Deletes my account for good: sessions end, name and password are gone, messages stay without a name',
    errors: ['policy.would_lock_out'],
  }),
  changePassword: operation({
    id: 'changePassword',
    method: 'PUT',
    path: '/users/me/password',
    tag,
    access,
    summary: 'Changes my password; all my other sessions end',
    body: z.strictObject({ current: passwordInput, next: passwordInput }),
    errors: ['auth.invalid_credentials', 'auth.password_unacceptable'],
  }),
  search: operation({
    id: 'searchUsers',
    method: 'GET',
    path: '/users',
    tag,
    access,
    summary:
      'With `q`, users whose username, or a word of whose display name, begins so; letter case and width do not count. With `ids`, just these on one page, those that exist: names for many messages at once. One of the two',
    query: pageQuery
      .extend({ q: text(64, 1).optional(), ids: queryIds(100).optional() })
      .refine(({ q, ids }) => (q === undefined) !== (ids === undefined), {
        path: ['q'],
        error: 'give either q or ids',
      }),
    response: pageOf(user),
  }),
  get: operation({
    id: 'getUser',
    method: 'GET',
    path: '/users/{userId}',
    tag,
    access,
    summary: 'One user',
    params: z.strictObject({ userId: id }),
    response: user,
    errors: ['user.not_found'],
  }),
  sessions: operation({
    id: 'listSessions',
    method: 'GET',
    path: '/users/me/sessions',
    tag,
    access,
    summary: 'Where I am logged in',
    response: pageOf(session),
  }),
  revokeSession: operation({
    id: 'revokeSession',
    method: 'DELETE',
    path: '/users/me/sessions/{sessionId}',
    tag,
    access,
    summary: 'Ends one of my sessions and closes its sockets',
    params: z.strictObject({ sessionId: id }),
    errors: ['auth.session_not_found'],
  }),
};

export const userEvents = {
  changed: socketEvent({
    event: 'user:changed',
    summary:
      'Name, avatar or kind of somebody changed: of myself, or of a user whose presence I watch. `roles` are never in it',
    payload: z.object({ user }),
  }),
};
