import type { Principal } from '@parley/kernel';

export interface VerifiedToken {
  principal: Principal;
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

/** Says whom an access token names. One verifier for REST and sockets. */
export abstract class AccessTokenVerifier {
  /** Throws `auth.token_missing`, `auth.token_invalid`, `auth.token_expired`, `auth.session_revoked` or `auth.banned`. */
  abstract verify(token: string): Promise<VerifiedToken>;
}
