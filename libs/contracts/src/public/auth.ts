import { z } from 'zod';
import { clientId, text, timestamp } from './common.js';
import { operation } from './operation.js';
import { passwordInput, session, user } from './users.js';

const device = z.strictObject({
  /** Chosen by the client and kept by it: (device, clientMsgId) makes a send idempotent. The server makes one where it is absent. */
  deviceId: clientId.optional(),
  name: text(100).optional(),
  platform: text(100).optional(),
});

/** An open session with its tokens. */
export const opened = z
  .object({
    user,
    session,
    accessToken: z.string(),
    accessTokenExpiresAt: timestamp,
    /** Good until a later one is used; using it after that ends the session. */
    refreshToken: z.string(),
    /** When the session ends for good, however often it is refreshed. */
    refreshTokenExpiresAt: timestamp,
  })
  .meta({ id: 'Opened' });

const username = text(256);
/** Any text: what is no token is refused as one, not as a wrong request. */
const token = text(8192, 1);
const displayName = text(256).optional();
const tag = 'auth';

export const auth = {
  register: operation({
    id: 'register',
    method: 'POST',
    path: '/auth/register',
    tag,
    access: 'open',
    summary: 'A new account, logged in',
    status: 201,
    body: z.strictObject({ username, password: passwordInput, displayName, device: device.optional() }),
    response: opened,
    errors: ['auth.username_taken', 'auth.password_unacceptable', 'auth.banned'],
  }),
  login: operation({
    id: 'login',
    method: 'POST',
    path: '/auth/login',
    tag,
    access: 'open',
    summary: 'Opens a session',
    body: z.strictObject({ username, password: passwordInput, device: device.optional() }),
    response: opened,
    errors: ['auth.invalid_credentials', 'auth.banned'],
  }),
  guest: operation({
    id: 'createGuest',
    method: 'POST',
    path: '/auth/guest',
    tag,
    access: 'open',
    summary: 'A guest: no username, no password, fewer permissions',
    status: 201,
    body: z.strictObject({ displayName, device: device.optional() }),
    response: opened,
    errors: ['auth.banned'],
  }),
  upgradeGuest: operation({
    id: 'upgradeGuest',
    method: 'POST',
    path: '/auth/guest/upgrade',
    tag,
    access: 'user',
    summary: 'Makes the guest a user with the same id, conversations and session',
    body: z.strictObject({ username, password: passwordInput }),
    response: opened,
    errors: ['auth.not_a_guest', 'auth.username_taken', 'auth.password_unacceptable'],
  }),
  refresh: operation({
    id: 'refresh',
    method: 'POST',
    path: '/auth/refresh',
    tag,
    access: 'open',
    summary: 'New tokens for a refresh token; the old one stays good until the new one is used',
    body: z.strictObject({ refreshToken: token, deviceId: clientId.optional() }),
    response: opened,
    errors: ['auth.token_invalid', 'auth.token_expired', 'auth.session_revoked', 'auth.banned'],
  }),
  logout: operation({
    id: 'logout',
    method: 'POST',
    path: '/auth/logout',
    tag,
    access: 'user',
    summary: 'Ends this session, or all of mine, and closes their sockets before it answers',
    body: z.strictObject({ everywhere: z.boolean().optional() }),
  }),
  verify: operation({
    id: 'verifyToken',
    method: 'POST',
    path: '/auth/verify',
    tag,
    access: 'open',
    summary: 'For other services: whether an access token is good at this moment, and whom it names',
    body: z.strictObject({ token }),
    response: z.object({
      active: z.boolean(),
      userId: z.string().optional(),
      sessionId: z.string().optional(),
      deviceId: z.string().optional(),
      roles: z.array(z.string()).optional(),
      expiresAt: timestamp.optional(),
    }),
  }),
  jwks: operation({
    id: 'getJwks',
    method: 'GET',
    path: '/.well-known/jwks.json',
    tag,
    access: 'open',
    summary: 'Public keys of access tokens (RFC 7517)',
    response: z.object({ keys: z.array(z.record(z.string(), z.unknown())) }),
  }),
};
