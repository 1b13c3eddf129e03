import type { Clock, IdGenerator } from '@parley/kernel';
import { DomainError } from '@parley/kernel';
import type { Account } from '../domain/account.js';
import { DEFAULT_POLICIES, DEFAULTS_VERSION, newDefaults } from '../domain/default-policies.js';
import { refuseLockOut } from '../domain/lock-out.js';
import { foldUsername, parseUsername } from '../domain/names.js';
import { parseNewPassword } from '../domain/password.js';
import { ADMIN, valuesOf, type PolicyRule } from '../domain/policy-rule.js';
import type { AccountStore } from '../ports/account-store.js';
import type { PasswordHasher } from '../ports/password-hasher.js';
import type { PolicyStore } from '../ports/policy-store.js';
import type { AccessTokens } from './access-tokens.js';

export interface FirstAdministratorInput {
  username: string;
  /** Absent: a one-time password is made. */
  password?: string;
}

/**
 * What a new installation needs: a signing key, the default rules and the first administrator. A later start adds the default rules that came with
 * newer releases, each once: what an administrator took away stays away.
 */
export class BootstrapIdentity {
  constructor(
    private readonly accounts: AccountStore,
    private readonly policies: PolicyStore,
    private readonly tokens: AccessTokens,
    private readonly hasher: PasswordHasher,
    private readonly clock: Clock,
    private readonly ids: IdGenerator,
  ) {}

  /** Answers the one-time password when this start made one; it is stored nowhere. */
  async execute(input: FirstAdministratorInput): Promise<{ username: string; oneTimePassword?: string }> {
    await this.tokens.rotate();
    const { username, folded } = parseUsername(input.username);
    if ((await this.policies.version()) > 0) {
      await this.upgrade();
      return { username };
    }
    const oneTimePassword = input.password === undefined ? this.ids.secret().slice(0, 20) : undefined;
    const password = parseNewPassword(input.password ?? (oneTimePassword as string), username, 'PARLEY_ADMIN_PASSWORD');
    const passwordHash = await this.hasher.hash(password);
    const { userId } = (await this.makeAccount(username, passwordHash)) ?? (await this.takeOver(folded, passwordHash));
    await this.policies.edit(
      {
        add: [...DEFAULT_POLICIES, { type: 'g', subject: userId, role: ADMIN }],
        remove: [],
        defaultsVersion: DEFAULTS_VERSION,
        audit: {
          auditId: this.ids.next(),
          at: this.clock.now(),
          actorId: 'system',
          action: 'policy.seeded',
          subject: userId,
          details: { role: ADMIN },
        },
      },
      refuseLockOut,
    );
    return oneTimePassword === undefined ? { username } : { username, oneTimePassword };
  }

  private async upgrade(): Promise<void> {
    const named = (rules: readonly PolicyRule[]) => rules.map((rule) => [rule.type, ...valuesOf(rule)]);
    await this.policies.upgradeDefaults(
      DEFAULTS_VERSION,
      (rules, from) => {
        const { add, remove } = newDefaults(rules, from);
        return { add, remove, details: { from, to: DEFAULTS_VERSION, added: named(add), removed: named(remove) } };
      },
      {
        auditId: this.ids.next(),
        at: this.clock.now(),
        actorId: 'system',
        action: 'policy.defaults_upgraded',
        subject: 'policy',
      },
    );
  }

  /** A start that a crash cut short made the account, and nobody has its password: no rules yet, so nobody else could have. */
  private async takeOver(folded: string, passwordHash: string): Promise<Account> {
    const account = await this.accounts.findByUsername(folded);
    if (account === undefined) throw new DomainError('server.internal', 'internal');
    await this.accounts.resetPassword(account.userId, passwordHash, this.clock.now());
    return account;
  }

  /** Undefined when the name is there already. */
  private async makeAccount(username: string, passwordHash: string): Promise<Account | undefined> {
    const account: Account = {
      userId: this.ids.next(),
      kind: 'user',
      username,
      displayName: foldUsername(username) === ADMIN ? 'Administrator' : username,
      avatarFileId: '',
      passwordHash,
      mustChangePassword: true,
      createdAt: this.clock.now(),
    };
    try {
      await this.accounts.create(account);
      return account;
    } catch (error) {
      if (DomainError.is(error) && error.code === 'auth.username_taken') return undefined;
      throw error;
    }
  }
}
