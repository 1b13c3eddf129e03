import { invalidCredentials } from '../domain/identity.errors.js';
import { foldUsername } from '../domain/names.js';
import { normalizePassword } from '../domain/password.js';
import type { DeviceInput } from '../domain/session.js';
import type { AccountStore } from '../ports/account-store.js';
import type { AttemptThrottle } from '../ports/attempt-throttle.js';
import type { PasswordHasher } from '../ports/password-hasher.js';
import type { SessionEnforcer } from '../ports/session-enforcer.js';
import type { SessionStore } from '../ports/session-store.js';
import type { BanGate } from './ban-gate.js';
import type { IdentityLimits } from './limits.js';
import type { Opened, SessionOpener } from './session-opener.js';

export interface LoginCommand {
  username: string;
  password: string;
  device: DeviceInput;
  address: string;
}

/** Known and unknown names answer alike and take alike. That an account is banned shows only to who knows its password. */
export class Login {
  constructor(
    private readonly accounts: AccountStore,
    private readonly sessions: SessionStore,
    private readonly hasher: PasswordHasher,
    private readonly throttle: AttemptThrottle,
    private readonly bans: BanGate,
    private readonly opener: SessionOpener,
    private readonly enforcer: SessionEnforcer,
    private readonly limits: IdentityLimits,
  ) {}

  async execute(command: LoginCommand): Promise<Opened> {
    const password = normalizePassword(command.password);
    const target = foldUsername(command.username);
    const attempt = { target, address: command.address };
    await this.throttle.guess(attempt);
    const account = await this.accounts.findByUsername(target);
    const right = await this.hasher.matches(account?.passwordHash, password);
    if (account?.passwordHash === undefined || !right) throw invalidCredentials();
    await this.throttle.succeeded(attempt);
    await this.bans.refuseUser(account.userId, command.address);
    const { opening, token } = this.opener.prepare(account.userId, command.device, command.address);
    const displaced = await this.sessions.open(opening, this.limits.sessionsPerUser, account.passwordHash);
    if (displaced.length > 0)
      await this.enforcer.close({ sessionIds: displaced, userIds: [], code: 'auth.session_revoked', action: 'login' });
    return this.opener.opened(account, opening.session, token);
  }
}
