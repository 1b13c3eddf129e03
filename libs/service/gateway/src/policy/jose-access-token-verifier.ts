import {
  AccessTokenVerifier,
  type PolicyEnforcer,
  type RevokedSessions,
  type VerifiedToken,
} from '@parley/core-gateway';
import { type Clock, type DeviceId, errorOf, type SessionId, type UserId } from '@parley/kernel';
import { ACCESS_TOKEN, type AccessTokenClaims, verifyAccessToken } from '@parley/platform';
import { LRUCache } from 'lru-cache';
import type { SigningKeyCache } from './signing-key-cache.js';

const sessionRevoked = errorOf('auth.session_revoked', 'unauthenticated', 'The session was ended.');

/** One per live token of this node's users; beyond it the oldest are simply checked again. */
const CACHED_TOKENS = 50_000;

/** Checks a signature once per token; whether the session was revoked or the user banned is asked every time. */
export class JoseAccessTokenVerifier extends AccessTokenVerifier {
  private readonly good = new LRUCache<string, AccessTokenClaims>({ max: CACHED_TOKENS });

  constructor(
    private readonly keys: SigningKeyCache,
    private readonly enforcer: PolicyEnforcer,
    private readonly revoked: RevokedSessions,
    private readonly clock: Clock,
    private readonly issuer: string,
  ) {
    super();
  }

  async verify(token: string): Promise<VerifiedToken> {
    const known = this.recent(token);
    if (known !== undefined) return known;
    const claims = await verifyAccessToken(token, async (kid) => (await this.keys.find(kid))?.key, {
      issuer: this.issuer,
      now: this.clock.now(),
    });
    const verified = this.admit(claims);
    this.good.set(token, claims);
    return verified;
  }

  /** A token whose signature was checked before and that has not expired; still throws for a revoked session and a banned user. */
  recent(token: string): VerifiedToken | undefined {
    // Size first: even a look-up reads the whole text.
    const claims = token.length > ACCESS_TOKEN.maxLength ? undefined : this.good.get(token);
    if (claims === undefined) return undefined;
    if (claims.expiresAt > this.clock.now()) return this.admit(claims);
    this.good.delete(token);
    return undefined;
  }

  private admit({ userId, sessionId, deviceId, roles, expiresAt }: AccessTokenClaims): VerifiedToken {
    if (this.revoked.has(sessionId)) throw sessionRevoked();
    this.enforcer.refuseBannedUser(userId);
    const principal = {
      userId: userId as UserId,
      sessionId: sessionId as SessionId,
      deviceId: deviceId as DeviceId,
      roles: this.enforcer.rolesOf(userId, roles),
    };
    return { principal, expiresAt };
  }
}
