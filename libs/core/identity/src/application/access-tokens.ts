import type { Clock } from '@parley/kernel';
import { needsNewKey, newestFirst, outlived, type SigningKey } from '../domain/signing-keys.js';
import type { KeyStore } from '../ports/key-store.js';
import type { AccessClaims, TokenCrypto } from '../ports/token-crypto.js';
import { CLOCK_SKEW_MS, type IdentityLimits, KEY_CHECK_MS } from './limits.js';

/** Access tokens and the keys behind them. */
export class AccessTokens {
  private current: SigningKey | undefined;

  constructor(
    private readonly keys: KeyStore,
    private readonly crypto: TokenCrypto,
    private readonly clock: Clock,
    private readonly limits: IdentityLimits,
  ) {}

  async issue(claims: Omit<AccessClaims, 'issuedAt' | 'expiresAt'>, notAfter: number) {
    const issuedAt = this.clock.now();
    const expiresAt = Math.min(issuedAt + this.limits.accessTokenMs, notAfter);
    const key = this.current ?? (await this.rotate());
    return { token: await this.crypto.sign(key, { ...claims, issuedAt, expiresAt }), expiresAt };
  }

  async verify(token: string): Promise<AccessClaims> {
    return this.crypto.verify(token, await this.keys.all(), this.clock.now());
  }

  async jwks(): Promise<string> {
    return this.crypto.jwks(newestFirst(await this.keys.all()));
  }

  /**
   * Makes a key where the newest is too old, and drops those that nothing unexpired was signed with. Run at start and every KEY_CHECK_MS by
   * every instance; two at once may both make one, and both are published.
   */
  async rotate(): Promise<SigningKey> {
    const now = this.clock.now();
    const overlapMs = this.limits.accessTokenMs + KEY_CHECK_MS + CLOCK_SKEW_MS;
    const lifetimes = { rotateAfterMs: this.limits.rotateKeysAfterMs, overlapMs };
    let keys = await this.keys.all();
    if (needsNewKey(keys, now, lifetimes)) {
      await this.keys.add(await this.crypto.newKey(now));
      keys = await this.keys.all();
    }
    for (const key of outlived(keys, now, lifetimes)) await this.keys.drop(key.kid);
    this.current = newestFirst(keys)[0] as SigningKey;
    return this.current;
  }
}
