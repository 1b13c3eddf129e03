import type { opened, session, user } from '@parley/contracts';
import type { identityV1 } from '@parley/contracts/rpc';
import type { z } from 'zod';
import { answered } from '../composition/answered.js';
import { ifSet, iso } from '../composition/wire-text.js';

type User = z.input<typeof user>;

/** A user as anybody sees them. */
export function userView(wire: identityV1.User): User {
  return {
    userId: wire.userId,
    ...ifSet('username', wire.username),
    displayName: wire.displayName,
    kind: wire.kind === 'guest' ? 'guest' : 'user',
    ...ifSet('avatarFileId', wire.avatarFileId),
    createdAt: iso(wire.createdAt),
    ...(wire.deleted ? { deleted: true } : {}),
  };
}

/** A user as they themself and administrators see them. */
export function privateUserView(wire: identityV1.User): User {
  return {
    ...userView(wire),
    roles: wire.roles,
    ...(wire.mustChangePassword ? { mustChangePassword: true } : {}),
  };
}

export function sessionView(wire: identityV1.Session, currentSessionId: string): z.input<typeof session> {
  return {
    sessionId: wire.sessionId,
    deviceId: wire.deviceId,
    ...ifSet('deviceName', wire.deviceName),
    ...ifSet('platform', wire.platform),
    createdAt: iso(wire.createdAt),
    lastUsedAt: iso(wire.lastUsedAt),
    ...ifSet('address', wire.address),
    current: wire.sessionId === currentSessionId,
  };
}

export function openedView(wire: identityV1.Opened | undefined): z.input<typeof opened> {
  const { user: who, session: where, ...tokens } = answered(wire);
  const current = answered(where);
  return {
    user: privateUserView(answered(who)),
    session: sessionView(current, current.sessionId),
    accessToken: tokens.accessToken,
    accessTokenExpiresAt: iso(tokens.accessTokenExpiresAt),
    refreshToken: tokens.refreshToken,
    refreshTokenExpiresAt: iso(tokens.refreshTokenExpiresAt),
  };
}
