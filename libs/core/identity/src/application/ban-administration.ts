import type { Clock } from '@parley/kernel';
import { type Ban, normalizeAddress, parseBan } from '../domain/ban.js';
import { banNotFound, invalid, userNotFound } from '../domain/identity.errors.js';
import type { AccountStore } from '../ports/account-store.js';
import type { PolicyStore } from '../ports/policy-store.js';
import type { SessionEnforcer } from '../ports/session-enforcer.js';
import type { SessionStore } from '../ports/session-store.js';
import type { Administrators } from './administrators.js';

/** Bans are in force on every gateway, and the banned user's sockets closed, when they are answered. Sessions outlive a ban that ends. */
export class Bans {
  constructor(
    private readonly accounts: AccountStore,
    private readonly policies: PolicyStore,
    private readonly administrators: Administrators,
    private readonly enforcer: SessionEnforcer,
    private readonly clock: Clock,
  ) {}

  async ban(command: { actorId: string; kind: string; value: string; reason: string; until: number }): Promise<number> {
    await this.administrators.require(command.actorId);
    const ban: Ban = { ...parseBan(command, this.clock.now()), createdBy: command.actorId };
    if (ban.value === command.actorId) throw invalid({ path: 'value', message: 'must not be yourself' });
    if (ban.kind === 'user' && (await this.accounts.find(ban.value)) === undefined) throw userNotFound();
    const { kind, value, reason, until } = ban;
    const audit = this.administrators.entry(command.actorId, `${kind}.banned`, value, { reason, until });
    const version = await this.policies.ban(ban, audit);
    await this.enforcer.reload(version);
    if (kind === 'user')
      await this.enforcer.close({ sessionIds: [], userIds: [value], code: 'auth.banned', action: 'stop' });
    return version;
  }

  async unban(command: { actorId: string; kind: string; value: string }): Promise<number> {
    await this.administrators.require(command.actorId);
    const { kind } = command;
    if (kind !== 'user' && kind !== 'address') throw banNotFound();
    const value = kind === 'address' ? normalizeAddress(command.value) : command.value;
    const audit = this.administrators.entry(command.actorId, `${kind}.unbanned`, value);
    const version = await this.policies.unban(kind, value, audit);
    if (version === undefined) throw banNotFound();
    await this.enforcer.reload(version);
    return version;
  }
}

/** An administrator ends all sessions of somebody; they may log in again. */
export class EndSessions {
  constructor(
    private readonly accounts: AccountStore,
    private readonly sessions: SessionStore,
    private readonly policies: PolicyStore,
    private readonly administrators: Administrators,
    private readonly enforcer: SessionEnforcer,
    private readonly clock: Clock,
  ) {}

  async execute(command: { actorId: string; userId: string }): Promise<void> {
    const { actorId, userId } = command;
    await this.administrators.require(actorId);
    if ((await this.accounts.find(userId)) === undefined) throw userNotFound();
    const code = 'auth.session_revoked';
    const sessionIds = await this.sessions.revoke({ userId, code, at: this.clock.now() });
    await this.policies.record(this.administrators.entry(actorId, 'user.sessions_ended', userId));
    await this.enforcer.close({ sessionIds, userIds: [userId], code, action: 'login' });
  }
}
