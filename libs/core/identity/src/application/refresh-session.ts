import type { Clock, IdGenerator } from '@parley/kernel';
import { normalizeAddress } from '../domain/ban.js';
import { sessionRevoked, tokenExpired, tokenInvalid } from '../domain/identity.errors.js';
import { makeRefreshToken, parseRefreshToken, stored } from '../domain/refresh-token.js';
import type { AccountStore } from '../ports/account-store.js';
import type { SessionEnforcer } from '../ports/session-enforcer.js';
import type { SessionStore } from '../ports/session-store.js';
import type { BanGate } from './ban-gate.js';
import type { Opened, SessionOpener } from './session-opener.js';

export interface RefreshCommand {
  refreshToken: string;
  address: string;
  /** Empty when the caller did not say. */
  deviceId: string;
}

/** New tokens for old. See `judgeRefresh` for which old ones are taken. */
export class RefreshSession {
  constructor(
    private readonly accounts: AccountStore,
    private readonly sessions: SessionStore,
    private readonly bans: BanGate,
    private readonly opener: SessionOpener,
    private readonly enforcer: SessionEnforcer,
    private readonly clock: Clock,
    private readonly ids: IdGenerator,
  ) {}

  async execute(command: RefreshCommand): Promise<Opened> {
    const presented = parseRefreshToken(command.refreshToken);
    if (presented === undefined) throw tokenInvalid();
    const before = await this.sessions.find(presented.sessionId);
    if (before === undefined) throw tokenInvalid();
    const next = makeRefreshToken(before, presented.generation + 1, this.ids.secret());
    const { verdict, session } = await this.sessions.rotate({
      presented,
      next: stored(next),
      at: this.clock.now(),
      address: normalizeAddress(command.address),
      deviceId: command.deviceId,
    });
    if (session === undefined) throw tokenInvalid();
    switch (verdict) {
      case 'invalid':
        throw tokenInvalid();
      case 'expired':
        throw tokenExpired();
      case 'revoked':
        throw sessionRevoked();
      case 'reused':
        await this.enforcer.close({
          sessionIds: [session.sessionId],
          userIds: [],
          code: 'auth.session_revoked',
          action: 'login',
        });
        throw sessionRevoked();
      case 'rotate':
        break;
    }
    const account = await this.accounts.find(session.userId);
    if (account === undefined || account.deletedAt !== undefined) throw sessionRevoked();
    // After the rotation: a ban that ends leaves the client with a token that still works, the one it has.
    await this.bans.refuseUser(account.userId, command.address);
    return this.opener.opened(account, session, next);
  }
}
