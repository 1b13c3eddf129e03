import type { Clock, Page, PageRequest } from '@parley/kernel';
import type { Account } from '../domain/account.js';
import { invalid } from '../domain/identity.errors.js';
import { fold, parseDisplayName } from '../domain/names.js';
import type { AccountStore } from '../ports/account-store.js';
import type { PolicyStore } from '../ports/policy-store.js';

/** What may be seen of an account. Roles and the forced password change only by its owner and administrators. */
export interface UserView {
  account: Account;
  roles: string[];
}

const QUERY_MAX = 64;
const IDS_MAX = 500;
const AMONG_MAX = 1000;
const FILE_ID = /^[0-9A-Za-z_.-]{0,64}$/;

export class GetUsers {
  constructor(
    private readonly accounts: AccountStore,
    private readonly policies: PolicyStore,
  ) {}

  async execute(query: { actorId: string; userIds: readonly string[] }): Promise<UserView[]> {
    if (query.userIds.length > IDS_MAX) throw invalid({ path: 'userIds', message: `must be at most ${IDS_MAX}` });
    const accounts = await this.accounts.findMany([...new Set(query.userIds)]);
    const own = accounts.some((account) => account.userId === query.actorId);
    const roles = own ? await this.policies.rolesOf([query.actorId]) : new Map<string, string[]>();
    return accounts.map((account) =>
      account.userId === query.actorId
        ? { account, roles: [account.kind, ...(roles.get(account.userId) ?? [])] }
        : publicView(account),
    );
  }
}

export class SearchUsers {
  constructor(private readonly accounts: AccountStore) {}

  /** @param query.among only these; empty for everybody */
  async execute(query: { query: string; page: PageRequest; among?: readonly string[] }): Promise<Page<UserView>> {
    const prefix = fold(query.query).trim().replace(/\s+/gu, ' ');
    if (prefix === '' || prefix.length > QUERY_MAX || !prefix.isWellFormed())
      throw invalid({ path: 'q', message: `must be 1 to ${QUERY_MAX} characters` });
    const { among = [] } = query;
    if (among.length > AMONG_MAX) throw invalid({ path: 'among', message: `must be at most ${AMONG_MAX}` });
    const page = await this.accounts.search(prefix, query.page, among.length === 0 ? undefined : [...new Set(among)]);
    return { ...page, items: page.items.map(publicView) };
  }
}

export class UpdateProfile {
  constructor(
    private readonly accounts: AccountStore,
    private readonly policies: PolicyStore,
    private readonly clock: Clock,
  ) {}

  async execute(command: { actorId: string; displayName?: string; avatarFileId?: string }): Promise<UserView> {
    if (command.avatarFileId !== undefined && !FILE_ID.test(command.avatarFileId))
      throw invalid({ path: 'avatarFileId', message: 'must be an id' });
    const account = await this.accounts.updateProfile(
      command.actorId,
      {
        ...(command.displayName === undefined ? {} : { displayName: parseDisplayName(command.displayName) }),
        ...(command.avatarFileId === undefined ? {} : { avatarFileId: command.avatarFileId }),
      },
      this.clock.now(),
    );
    const roles = await this.policies.rolesOf([command.actorId]);
    return { account, roles: [account.kind, ...(roles.get(account.userId) ?? [])] };
  }
}

function publicView(account: Account): UserView {
  return { account: { ...account, mustChangePassword: false }, roles: [] };
}
