import { type LogRecord, TOPICS } from '@parley/contracts';
import { identityEventsV1 } from '@parley/contracts/rpc';
import type { Account } from '@parley/core-identity';

const { UserChanged, SessionRevoked, PolicyChanged } = identityEventsV1;

/** What other services learn of this one. */
export function userChanged(account: Account): LogRecord {
  const { userId, displayName, avatarFileId } = account;
  const value = UserChanged.encode({ userId, displayName, avatarFileId, deleted: account.deletedAt !== undefined });
  return { topic: TOPICS.userChanged.name, key: userId, value: value.finish() };
}

export function sessionsRevoked(userId: string, sessionIds: string[], code: string): LogRecord {
  const value = SessionRevoked.encode({ userId, sessionIds, code });
  return { topic: TOPICS.sessionRevoked.name, key: userId, value: value.finish() };
}

export function policyChanged(version: number): LogRecord {
  const value = PolicyChanged.encode({ version });
  return { topic: TOPICS.policyChanged.name, key: 'policy', value: value.finish() };
}
