import type { Clock, IdGenerator } from '@parley/kernel';
import type { Account } from '../domain/account.js';
import { normalizeAddress } from '../domain/ban.js';
import { makeRefreshToken, type RefreshToken, stored } from '../domain/refresh-token.js';
import { checkDevice, type DeviceInput, type Session } from '../domain/session.js';
import type { Opening } from '../ports/account-store.js';
import type { PolicyStore } from '../ports/policy-store.js';
import type { AccessTokens } from './access-tokens.js';
import type { IdentityLimits } from './limits.js';

/** What a client gets when a session opens or goes on. The only place where tokens leave this context. */
export interface Opened {
  account: Account;
  roles: string[];
  session: Session;
  accessToken: string;
  accessTokenExpiresAt: number;
  refreshToken: string;
}

/** Makes sessions and the tokens for them; stores nothing. */
export class SessionOpener {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly policies: PolicyStore,
    private readonly clock: Clock,
    private readonly ids: IdGenerator,
    private readonly limits: IdentityLimits,
  ) {}

  prepare(userId: string, device: DeviceInput, address: string): { opening: Opening; token: RefreshToken } {
    const { deviceId, name, platform } = checkDevice(device);
    const now = this.clock.now();
    const session: Session = {
      sessionId: this.ids.next(),
      userId,
      deviceId: deviceId === '' ? this.ids.next() : deviceId,
      deviceName: name,
      platform,
      address: normalizeAddress(address),
      createdAt: now,
      lastUsedAt: now,
      expiresAt: now + this.limits.sessionMs,
      usedGeneration: 0,
      refreshKey: this.ids.secret(),
    };
    const token = makeRefreshToken(session, 1, this.ids.secret());
    return { opening: { session, token: stored(token) }, token };
  }

  /** Tokens for a session that is in the store. */
  async opened(account: Account, session: Session, token: RefreshToken): Promise<Opened> {
    const assigned = (await this.policies.rolesOf([account.userId])).get(account.userId) ?? [];
    // Until the password is the owner's own, an assigned role is not theirs to use.
    const roles = [account.kind, ...(account.mustChangePassword ? [] : assigned)];
    const { userId, sessionId, deviceId } = session;
    const access = await this.tokens.issue({ userId, sessionId, deviceId, roles }, session.expiresAt);
    return {
      account,
      roles,
      session,
      accessToken: access.token,
      accessTokenExpiresAt: access.expiresAt,
      refreshToken: token.token,
    };
  }
}
