import type { Ban, Opened, PolicyRule, Session, UserView } from '@parley/core-identity';
import { valuesOf } from '@parley/core-identity';
import type { PageRequest } from '@parley/kernel';
import type { commonV1, identityV1, policyV1 } from '@parley/contracts/rpc';

/** Between the wire's shapes and the core's. Nothing is decided here. */
const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 100;
const NO_DEVICE = { deviceId: '', name: '', platform: '' };

export const deviceOf = (device: identityV1.Device | undefined) => device ?? NO_DEVICE;

export function pageOf(page: commonV1.PageRequest | undefined): PageRequest {
  const limit = Math.min(page?.limit || DEFAULT_LIMIT, MAX_LIMIT);
  return page === undefined || page.cursor === '' ? { limit } : { limit, cursor: page.cursor };
}

export function userToWire({ account, roles }: UserView): identityV1.User {
  return {
    userId: account.userId,
    username: account.username,
    displayName: account.displayName,
    kind: account.kind,
    avatarFileId: account.avatarFileId,
    createdAt: account.createdAt,
    deleted: account.deletedAt !== undefined,
    roles,
    mustChangePassword: account.mustChangePassword,
  };
}

export function sessionToWire(session: Session): identityV1.Session {
  const { sessionId, deviceId, deviceName, platform, createdAt, lastUsedAt, address } = session;
  return { sessionId, deviceId, deviceName, platform, createdAt, lastUsedAt, address };
}

export function openedToWire(opened: Opened): { opened: identityV1.Opened } {
  return {
    opened: {
      user: userToWire(opened),
      session: sessionToWire(opened.session),
      accessToken: opened.accessToken,
      accessTokenExpiresAt: opened.accessTokenExpiresAt,
      refreshToken: opened.refreshToken,
      refreshTokenExpiresAt: opened.session.expiresAt,
    },
  };
}

export const ruleToWire = (rule: PolicyRule): policyV1.PolicyRule => ({ ptype: rule.type, values: valuesOf(rule) });
export const banToWire = (ban: Ban): policyV1.BanEntry => ({ ...ban });
