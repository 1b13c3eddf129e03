import type { Page, PageRequest } from '@parley/kernel';
import { type Account, tombstone } from '../domain/account.js';
import { invalidCredentials, notAGuest, usernameTaken, userNotFound } from '../domain/identity.errors.js';
import { foldUsername, searchWords } from '../domain/names.js';
import { AccountStore, type Opening } from '../ports/account-store.js';
import { type InMemoryState, pageOf } from './in-memory-state.js';

const REVOKED = 'auth.session_revoked';

export class InMemoryAccountStore extends AccountStore {
  constructor(private readonly state: InMemoryState) {
    super();
  }

  async create(account: Account, opening?: Opening): Promise<void> {
    this.claim(account.username);
    this.state.accounts.set(account.userId, account);
    if (opening === undefined) return;
    this.state.sessions.set(opening.session.sessionId, opening.session);
    this.state.tokens.set(opening.token.hash, opening.token);
  }

  async find(userId: string): Promise<Account | undefined> {
    return this.state.accounts.get(userId);
  }

  async findMany(userIds: readonly string[]): Promise<Account[]> {
    return userIds.flatMap((userId) => this.state.accounts.get(userId) ?? []);
  }

  async findByUsername(folded: string): Promise<Account | undefined> {
    return this.all().find((account) => account.username !== '' && foldUsername(account.username) === folded);
  }

  async search(prefix: string, page: PageRequest, among?: readonly string[]): Promise<Page<Account>> {
    const all = this.all().filter(({ userId }) => among?.includes(userId) ?? true);
    const found = all.flatMap((account) => {
      const words = searchWords(account.username, account.displayName).filter((word) => word.startsWith(prefix));
      const [word] = words.sort(byCodeUnits);
      return word === undefined ? [] : [{ key: `${word}\n${account.userId}`, account }];
    });
    found.sort((a, b) => byCodeUnits(a.key, b.key));
    const { items, ...rest } = pageOf(found, page, ({ key }) => key);
    return { items: items.map(({ account }) => account), ...rest };
  }

  async list(page: PageRequest): Promise<Page<Account>> {
    const sorted = this.all().sort((a, b) => b.createdAt - a.createdAt || byCodeUnits(b.userId, a.userId));
    return pageOf(sorted, page, (account) => account.userId);
  }

  async updateProfile(userId: string, change: { displayName?: string; avatarFileId?: string }): Promise<Account> {
    return this.put({ ...this.present(userId), ...change });
  }

  async upgrade(userId: string, to: { username: string; passwordHash: string }): Promise<Account> {
    const account = this.state.accounts.get(userId);
    if (account?.kind !== 'guest' || account.deletedAt !== undefined) throw notAGuest();
    this.claim(to.username);
    return this.put({ ...account, kind: 'user', ...to });
  }

  async changePassword(change: {
    userId: string;
    expectedHash: string;
    passwordHash: string;
    keepSessionId: string;
    at: number;
  }): Promise<string[]> {
    const { userId, passwordHash, keepSessionId, at } = change;
    const account = this.present(userId);
    if (account.passwordHash !== change.expectedHash) throw invalidCredentials();
    this.put({ ...account, passwordHash, mustChangePassword: false });
    return this.state.revoke((one) => one.userId === userId && one.sessionId !== keepSessionId, REVOKED, at);
  }

  async resetPassword(userId: string, passwordHash: string, at: number): Promise<string[]> {
    this.put({ ...this.present(userId), passwordHash, mustChangePassword: true });
    return this.state.revoke((session) => session.userId === userId, REVOKED, at);
  }

  async remove(userId: string, at: number): Promise<string[]> {
    const account = this.state.accounts.get(userId);
    if (account === undefined || account.deletedAt !== undefined) return [];
    this.put(tombstone(account, at));
    return this.state.revoke((session) => session.userId === userId, REVOKED, at);
  }

  private all(): Account[] {
    return [...this.state.accounts.values()].filter((account) => account.deletedAt === undefined);
  }

  private claim(username: string): void {
    const folded = foldUsername(username);
    if (folded !== '' && this.all().some((account) => foldUsername(account.username) === folded)) throw usernameTaken();
  }

  private present(userId: string): Account {
    const account = this.state.accounts.get(userId);
    if (account === undefined || account.deletedAt !== undefined) throw userNotFound();
    return account;
  }

  private put(account: Account): Account {
    this.state.accounts.set(account.userId, account);
    return account;
  }
}

const byCodeUnits = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
