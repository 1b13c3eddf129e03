import type { Clock } from '@parley/kernel';
import { DomainError } from '@parley/kernel';
import { isLive } from '../domain/session.js';
import type { AccountStore } from '../ports/account-store.js';
import type { PolicyStore } from '../ports/policy-store.js';
import type { SessionStore } from '../ports/session-store.js';
import type { AccessClaims } from '../ports/token-crypto.js';
import type { AccessTokens } from './access-tokens.js';

/** The truth about an access token at this moment: signature, expiry, session, account, ban, and the roles of now. Undefined: not active. */
export class VerifyToken {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly sessions: SessionStore,
    private readonly accounts: AccountStore,
    private readonly policies: PolicyStore,
    private readonly clock: Clock,
  ) {}

  async execute(query: { token: string }): Promise<AccessClaims | undefined> {
    const claims = await this.claims(query.token);
    if (claims === undefined) return undefined;
    const now = this.clock.now();
    const session = await this.sessions.find(claims.sessionId);
    if (session === undefined || session.userId !== claims.userId || !isLive(session, now)) return undefined;
    const account = await this.accounts.find(claims.userId);
    if (account === undefined || account.deletedAt !== undefined) return undefined;
    if ((await this.policies.banOn([{ kind: 'user', value: claims.userId }], now)) !== undefined) return undefined;
    const assigned = (await this.policies.rolesOf([claims.userId])).get(claims.userId) ?? [];
    return { ...claims, roles: [account.kind, ...(account.mustChangePassword ? [] : assigned)] };
  }

  private async claims(token: string): Promise<AccessClaims | undefined> {
    try {
      return await this.tokens.verify(token);
    } catch (error) {
      if (DomainError.is(error) && error.kind === 'unauthenticated') return undefined;
      throw error;
    }
  }
}
