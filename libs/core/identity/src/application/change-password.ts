import type { Clock } from '@parley/kernel';
import { invalidCredentials, passwordUnacceptable, userNotFound } from '../domain/identity.errors.js';
import { normalizePassword, parseNewPassword } from '../domain/password.js';
import type { AccountStore } from '../ports/account-store.js';
import type { AttemptThrottle } from '../ports/attempt-throttle.js';
import type { PasswordHasher } from '../ports/password-hasher.js';
import type { PolicyStore } from '../ports/policy-store.js';
import type { SessionEnforcer } from '../ports/session-enforcer.js';

/** All other sessions end: whoever knew the old password is out. */
export class ChangePassword {
  constructor(
    private readonly accounts: AccountStore,
    private readonly policies: PolicyStore,
    private readonly hasher: PasswordHasher,
    private readonly throttle: AttemptThrottle,
    private readonly enforcer: SessionEnforcer,
    private readonly clock: Clock,
  ) {}

  async execute(command: { actorId: string; sessionId: string; current: string; next: string }): Promise<void> {
    const current = normalizePassword(command.current, 'current');
    const account = await this.accounts.find(command.actorId);
    if (account === undefined || account.deletedAt !== undefined) throw userNotFound();
    const next = parseNewPassword(command.next, account.username, 'next');
    // A stolen session must not be a way around the limits of login.
    const attempt = { target: account.userId, address: 'session' };
    await this.throttle.guess(attempt);
    const right = await this.hasher.matches(account.passwordHash, current);
    if (!right || account.passwordHash === undefined) throw invalidCredentials();
    await this.throttle.succeeded(attempt);
    if (current === next) throw passwordUnacceptable('must differ from the current one', 'next');
    const sessionIds = await this.accounts.changePassword({
      userId: account.userId,
      expectedHash: account.passwordHash,
      passwordHash: await this.hasher.hash(next),
      keepSessionId: command.sessionId,
      at: this.clock.now(),
    });
    if (sessionIds.length > 0)
      await this.enforcer.close({ sessionIds, userIds: [], code: 'auth.session_revoked', action: 'login' });
    if (account.mustChangePassword) await this.enforcer.reload(await this.policies.touch());
  }
}
