import type { SigningKey } from '../domain/signing-keys.js';

/** What an access token says. Times in milliseconds since the epoch. */
export interface AccessClaims {
  userId: string;
  sessionId: string;
  deviceId: string;
  roles: readonly string[];
  issuedAt: number;
  expiresAt: number;
}

/** Makes and checks signed access tokens. */
export abstract class TokenCrypto {
  abstract newKey(createdAt: number): Promise<SigningKey>;
  abstract sign(key: SigningKey, claims: AccessClaims): Promise<string>;
  /** Throws `auth.token_invalid` or `auth.token_expired`; size first, then form, then signature. */
  abstract verify(token: string, keys: readonly SigningKey[], now: number): Promise<AccessClaims>;
  /** The public halves as a JWK set (RFC 7517). */
  abstract jwks(keys: readonly SigningKey[]): string;
}
