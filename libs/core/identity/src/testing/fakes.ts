import { Clock, DomainError, IdGenerator } from '@parley/kernel';
import { type Attempt, AttemptThrottle } from '../ports/attempt-throttle.js';
import { PasswordHasher } from '../ports/password-hasher.js';
import { type Closing, SessionEnforcer } from '../ports/session-enforcer.js';
import { type AccessClaims, TokenCrypto } from '../ports/token-crypto.js';
import type { SigningKey } from '../domain/signing-keys.js';
import { tokenExpired, tokenInvalid, tooManyAttempts } from '../domain/identity.errors.js';

export class FakeClock extends Clock {
  constructor(private time = Date.UTC(2026, 0, 1)) {
    super();
  }

  now(): number {
    return this.time;
  }

  advance(ms: number): void {
    this.time += ms;
  }
}

/** Ids that sort in the order they were made, and begin with a digit as real ones do. */
export class CountingIds extends IdGenerator {
  private count = 0;

  next(): string {
    this.count += 1;
    return `0-${String(this.count).padStart(10, '0')}`;
  }

  secret(): string {
    this.count += 1;
    return `secret-${String(this.count).padStart(20, '0')}`;
  }
}

/** Nothing secret about it; counts, so that a test sees that the work was done for unknown names too. */
export class TransparentHasher extends PasswordHasher {
  checks = 0;

  async hash(password: string): Promise<string> {
    return `hash of ${password}`;
  }

  async matches(hash: string | undefined, password: string): Promise<boolean> {
    this.checks += 1;
    return hash === `hash of ${password}`;
  }
}

/** Refuses the fourth guess at one target from one address. */
export class CountingThrottle extends AttemptThrottle {
  readonly guesses = new Map<string, number>();
  creations = 0;

  async guess({ target, address }: Attempt): Promise<void> {
    const key = `${target} ${address}`;
    const count = (this.guesses.get(key) ?? 0) + 1;
    this.guesses.set(key, count);
    if (count > 3) throw tooManyAttempts(1000);
  }

  async succeeded({ target, address }: Attempt): Promise<void> {
    this.guesses.delete(`${target} ${address}`);
  }

  async creation(): Promise<void> {
    this.creations += 1;
  }
}

/** Remembers what the gateways were told. */
export class RecordingEnforcer extends SessionEnforcer {
  readonly closed: Closing[] = [];
  readonly versions: number[] = [];
  /** As when no gateway answers. */
  isAway = false;

  async close(closing: Closing): Promise<void> {
    this.refuseWhenAway();
    this.closed.push(closing);
  }

  async reload(version: number): Promise<void> {
    this.refuseWhenAway();
    this.versions.push(version);
  }

  private refuseWhenAway(): void {
    if (this.isAway) throw new DomainError('server.unavailable', 'unavailable');
  }
}

/** Tokens that anybody could read and make; the form of real ones is the adapter's business. */
export class PlainTokenCrypto extends TokenCrypto {
  private keys = 0;

  async newKey(createdAt: number): Promise<SigningKey> {
    this.keys += 1;
    return { kid: `key-${this.keys}`, privateJwk: 'private', publicJwk: `{"kid":"key-${this.keys}"}`, createdAt };
  }

  async sign(key: SigningKey, claims: AccessClaims): Promise<string> {
    return JSON.stringify({ kid: key.kid, ...claims });
  }

  async verify(token: string, keys: readonly SigningKey[], now: number): Promise<AccessClaims> {
    if (!token.startsWith('{')) throw tokenInvalid();
    const { kid, ...claims } = JSON.parse(token) as AccessClaims & { kid: string };
    if (!keys.some((key) => key.kid === kid)) throw tokenInvalid();
    if (claims.expiresAt <= now) throw tokenExpired();
    return claims;
  }

  jwks(keys: readonly SigningKey[]): string {
    return `{"keys":[${keys.map((key) => key.publicJwk).join(',')}]}`;
  }
}
