import type { RefreshToken, RefreshVerdict, StoredRefreshToken } from '../domain/refresh-token.js';
import type { Session } from '../domain/session.js';
import type { Opening } from './account-store.js';

export interface Rotation {
  presented: RefreshToken;
  /** Takes its place; one generation on. */
  next: StoredRefreshToken;
  at: number;
  address: string;
  /** Empty when the caller did not say. */
  deviceId: string;
}

export interface Revocation {
  userId: string;
  /** Absent: all of this user's sessions. */
  sessionIds?: readonly string[];
  /** Published error code that says why. */
  code: string;
  at: number;
}

/** Sessions and the hashes of their refresh tokens. Revocations write their fact for other services in the same transaction. */
export abstract class SessionStore {
  /**
   * Revokes the least recently used ones beyond `keep` live sessions of this user; answers their ids.
   * @param passwordHash what the password was checked against; another one by now, or a deleted account: `auth.invalid_credentials`.
   */
  abstract open(opening: Opening, keep: number, passwordHash: string): Promise<string[]>;
  abstract find(sessionId: string): Promise<Session | undefined>;
  /** Judges and applies in one transaction (`judgeRefresh`): `reused` revokes the session, `rotate` stores the next token. */
  abstract rotate(rotation: Rotation): Promise<{ verdict: RefreshVerdict; session?: Session }>;
  /** One more refresh token for a session, beside those that may be used. */
  abstract addToken(token: StoredRefreshToken): Promise<void>;
  /** Neither revoked nor expired, most recently used first. */
  abstract live(userId: string, now: number): Promise<Session[]>;
  /** Answers the ids of sessions that this call revoked: ended ones and others' are left out. */
  abstract revoke(revocation: Revocation): Promise<string[]>;
  abstract revokedSince(since: number): Promise<{ sessionId: string; revokedAt: number }[]>;
  /** Forgets sessions that ended before `before`, with their tokens. Answers how many. */
  abstract prune(before: number): Promise<number>;
}
