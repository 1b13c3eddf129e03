import { type LogRecord, type PayloadOf, TOPICS, type userEvents } from '@parley/contracts';
import { identityEventsV1 } from '@parley/contracts/rpc';
import type { Account } from '@parley/core-identity';

const { UserChanged, SessionRevoked, PolicyChanged } = identityEventsV1;

/** What other services learn of this one. */
export function userCreated(account: Account): LogRecord {
  return userRecord(account, '');
}

export function userChanged(account: Account): LogRecord {
  return userRecord(account, JSON.stringify({ user: publicUser(account) }));
}

function userRecord(account: Account, payloadJson: string): LogRecord {
  const { userId, displayName, avatarFileId } = account;
  const deleted = account.deletedAt !== undefined;
  const value = UserChanged.encode({ userId, displayName, avatarFileId, deleted, payloadJson });
  return { topic: TOPICS.userChanged.name, key: userId, value: value.finish() };
}

/** As anybody sees them: no roles, nothing of how they log in. */
function publicUser(account: Account): PayloadOf<typeof userEvents.changed>['user'] {
  const { userId, username, displayName, kind, avatarFileId, createdAt, deletedAt } = account;
  return {
    userId,
    ...(username === '' ? {} : { username }),
    displayName,
    kind,
    ...(avatarFileId === '' ? {} : { avatarFileId }),
    createdAt: new Date(createdAt).toISOString(),
    ...(deletedAt === undefined ? {} : { deleted: true }),
  };
}

export function sessionsRevoked(userId: string, sessionIds: string[], code: string): LogRecord {
  const value = SessionRevoked.encode({ userId, sessionIds, code });
  return { topic: TOPICS.sessionRevoked.name, key: userId, value: value.finish() };
}

export function policyChanged(version: number): LogRecord {
  const value = PolicyChanged.encode({ version });
  return { topic: TOPICS.policyChanged.name, key: 'policy', value: value.finish() };
}
