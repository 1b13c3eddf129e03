import { isUniqueViolation } from '@parley/adapter-sql';
import { type Account, AccountStore, identityErrors, type Opening, tombstone } from '@parley/core-identity';
import type { Page, PageRequest } from '@parley/kernel';
import { insertAccount, loadAccount, writeAccount } from './account-rows.js';
import { userChanged, userCreated } from './facts.js';
import type { IdentityDatabase, Transaction } from './identity-database.js';
import { pageOfRows, positionOf } from './pages.js';
import { accountOf, placeholders, type Row } from './rows.js';
import { insertOpening, revokeSessions } from './session-rows.js';

const REVOKED = 'auth.session_revoked';
const LAST_CODE_POINT = '\u{10ffff}';

export class SqlAccountStore extends AccountStore {
  constructor(private readonly db: IdentityDatabase) {
    super();
  }

  create(account: Account, opening?: Opening): Promise<void> {
    return this.uniquely(async (tx) => {
      await insertAccount(tx, account);
      if (opening !== undefined) await insertOpening(tx, opening);
      tx.tell(userCreated(account));
    });
  }

  async find(userId: string): Promise<Account | undefined> {
    return (await this.findMany([userId]))[0];
  }

  async findMany(userIds: readonly string[]): Promise<Account[]> {
    if (userIds.length === 0) return [];
    const rows = await this.db.query<Row[]>(
      `SELECT * FROM accounts WHERE user_id IN (${placeholders(userIds)})`,
      userIds,
    );
    return rows.map(accountOf);
  }

  async findByUsername(folded: string): Promise<Account | undefined> {
    const rows = await this.db.query<Row[]>('SELECT * FROM accounts WHERE username_folded = ?', [folded]);
    return rows[0] === undefined ? undefined : accountOf(rows[0]);
  }

  async search(prefix: string, page: PageRequest, among?: readonly string[]): Promise<Page<Account>> {
    const [word = '', userId = ''] = positionOf(page, 2) ?? [];
    const only = among === undefined ? '' : `AND w.user_id IN (${placeholders(among)})`;
    // Somebody with two words that match is found by the first of them, once over all pages.
    const rows = await this.db.query<Row[]>(
      `SELECT a.*, w.word FROM account_words w JOIN accounts a ON a.user_id = w.user_id
       WHERE w.word >= ? AND w.word < ? AND (w.word > ? OR (w.word = ? AND w.user_id > ?)) ${only}
         AND NOT EXISTS (SELECT 1 FROM account_words e WHERE e.user_id = w.user_id AND e.word >= ? AND e.word < w.word)
       ORDER BY w.word, w.user_id LIMIT ?`,
      [prefix, prefix + LAST_CODE_POINT, word, word, userId, ...(among ?? []), prefix, page.limit + 1],
    );
    return pageOfRows(rows, page, ['word', 'user_id'], accountOf);
  }

  async list(page: PageRequest): Promise<Page<Account>> {
    const [createdAt, userId] = positionOf(page, 2) ?? [Number.MAX_SAFE_INTEGER, ''];
    const rows = await this.db.query<Row[]>(
      `SELECT * FROM accounts WHERE deleted_at IS NULL AND (created_at < ? OR (created_at = ? AND user_id < ?))
       ORDER BY created_at DESC, user_id DESC LIMIT ?`,
      [createdAt, createdAt, userId, page.limit + 1],
    );
    return pageOfRows(rows, page, ['created_at', 'user_id'], accountOf);
  }

  updateProfile(userId: string, change: { displayName?: string; avatarFileId?: string }): Promise<Account> {
    return this.db.write(async (tx) => {
      const account = { ...(await present(tx, userId)), ...change };
      await writeAccount(tx, account);
      tx.tell(userChanged(account));
      return account;
    });
  }

  upgrade(userId: string, to: { username: string; passwordHash: string }): Promise<Account> {
    return this.uniquely(async (tx) => {
      const before = await loadAccount(tx, userId);
      if (before?.kind !== 'guest' || before.deletedAt !== undefined) throw identityErrors.notAGuest();
      const account: Account = { ...before, kind: 'user', ...to };
      await writeAccount(tx, account);
      tx.tell(userChanged(account));
      return account;
    });
  }

  changePassword(change: {
    userId: string;
    expectedHash: string;
    passwordHash: string;
    keepSessionId: string;
    at: number;
  }): Promise<string[]> {
    const { userId, passwordHash, at } = change;
    return this.db.write(async (tx) => {
      const account = await present(tx, userId);
      if (account.passwordHash !== change.expectedHash) throw identityErrors.invalidCredentials();
      await writeAccount(tx, { ...account, passwordHash, mustChangePassword: false });
      return revokeSessions(tx, { userId, exceptSessionId: change.keepSessionId, code: REVOKED, at });
    });
  }

  resetPassword(userId: string, passwordHash: string, at: number): Promise<string[]> {
    return this.db.write(async (tx) => {
      await writeAccount(tx, { ...(await present(tx, userId)), passwordHash, mustChangePassword: true });
      return revokeSessions(tx, { userId, code: REVOKED, at });
    });
  }

  remove(userId: string, at: number): Promise<string[]> {
    return this.db.write(async (tx) => {
      const account = await loadAccount(tx, userId);
      if (account === undefined || account.deletedAt !== undefined) return [];
      await writeAccount(tx, tombstone(account, at));
      tx.tell(userChanged(tombstone(account, at)));
      return revokeSessions(tx, { userId, code: REVOKED, at });
    });
  }

  /** The unique key on the folded username decides who is first; this is the one place that gives its refusal a name. */
  private async uniquely<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    try {
      return await this.db.write(work);
    } catch (error) {
      throw isUniqueViolation(error) ? identityErrors.usernameTaken() : error;
    }
  }
}

async function present(tx: Transaction, userId: string): Promise<Account> {
  const account = await loadAccount(tx, userId);
  if (account === undefined || account.deletedAt !== undefined) throw identityErrors.userNotFound();
  return account;
}
