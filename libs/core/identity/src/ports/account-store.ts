import type { Page, PageRequest } from '@parley/kernel';
import type { Account } from '../domain/account.js';
import type { StoredRefreshToken } from '../domain/refresh-token.js';
import type { Session } from '../domain/session.js';

/** A session with its first refresh token. */
export interface Opening {
  session: Session;
  token: StoredRefreshToken;
}

/** Accounts with their credentials. Every write is one transaction, with the fact for other services in it. */
export abstract class AccountStore {
  /** With its first session, if it has one at once. Throws `auth.username_taken`, decided by a unique key. */
  abstract create(account: Account, opening?: Opening): Promise<void>;
  /** Deleted accounts too. */
  abstract find(userId: string): Promise<Account | undefined>;
  /** Unknown ids are left out; deleted accounts are in. */
  abstract findMany(userIds: readonly string[]): Promise<Account[]>;
  abstract findByUsername(folded: string): Promise<Account | undefined>;
  /**
   * Accounts with a word or username that begins so (folded), by that word; not deleted ones.
   * @param among only these, at most 1,000; undefined for everybody
   */
  abstract search(prefix: string, page: PageRequest, among?: readonly string[]): Promise<Page<Account>>;
  /** Newest first; not deleted ones. */
  abstract list(page: PageRequest): Promise<Page<Account>>;
  /** Throws `user.not_found` where the account is absent or deleted. */
  abstract updateProfile(
    userId: string,
    change: { displayName?: string; avatarFileId?: string },
    at: number,
  ): Promise<Account>;
  /** Guest → user with the same id. Throws `auth.username_taken`, `auth.not_a_guest` (also when another upgrade was first). */
  abstract upgrade(userId: string, to: { username: string; passwordHash: string }, at: number): Promise<Account>;
  /**
   * Sets the credential, clears `mustChangePassword` and revokes all sessions but one. Answers the ids of the revoked ones.
   * @param expectedHash the hash that the current password was checked against; another one by now: `auth.invalid_credentials`.
   */
  abstract changePassword(change: {
    userId: string;
    expectedHash: string;
    passwordHash: string;
    keepSessionId: string;
    at: number;
  }): Promise<string[]>;
  /** Sets a password that its owner must change, and revokes all sessions. Answers the ids of the revoked ones. */
  abstract resetPassword(userId: string, passwordHash: string, at: number): Promise<string[]>;
  /** Leaves a tombstone and revokes all sessions, roles included. Answers the revoked sessions' ids. Repeats answer none. */
  abstract remove(userId: string, at: number): Promise<string[]>;
}
