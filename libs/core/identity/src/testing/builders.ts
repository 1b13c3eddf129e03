import type { Account } from '../domain/account.js';
import { makeRefreshToken, type RefreshToken, stored } from '../domain/refresh-token.js';
import type { Session } from '../domain/session.js';
import type { Opening } from '../ports/account-store.js';
import { CountingIds } from './fakes.js';

export const START = Date.UTC(2026, 0, 1);
export const HASH = 'hash of something';
export const DAY_MS = 86_400_000;
export const NO_DEVICE = { deviceId: '', name: '', platform: '' };

/** Over all tests of one file: no two builders make the same id. */
const ids = new CountingIds();

export function anAccount(part: Partial<Account> = {}): Account {
  const userId = part.userId ?? ids.next();
  return {
    userId,
    kind: 'user',
    username: `user${userId.slice(-6)}`,
    displayName: 'Some Body',
    avatarFileId: '',
    passwordHash: HASH,
    mustChangePassword: false,
    createdAt: START,
    ...part,
  };
}

export function aGuest(part: Partial<Account> = {}): Account {
  const { passwordHash: _, ...account } = anAccount({ kind: 'guest', username: '', ...part });
  return account;
}

export function anOpening(userId: string, part: Partial<Session> = {}): { opening: Opening; token: RefreshToken } {
  const session: Session = {
    sessionId: ids.next(),
    userId,
    deviceId: 'phone',
    deviceName: 'Phone',
    platform: 'test',
    address: '192.0.2.1',
    createdAt: START,
    lastUsedAt: START,
    expiresAt: START + 90 * DAY_MS,
    usedGeneration: 0,
    refreshKey: ids.secret(),
    ...part,
  };
  const token = makeRefreshToken(session, 1, ids.secret());
  return { opening: { session, token: stored(token) }, token };
}

export const nextId = () => ids.next();
export const nextSecret = () => ids.secret();
