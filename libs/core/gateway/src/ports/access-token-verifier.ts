import type { Principal } from '@parley/kernel';

export interface VerifiedToken {
  principal: Principal;
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

/** The door for access tokens, the same at REST and at the socket. */
export abstract class AccessTokenVerifier {
  /**
   * Throws `auth.token_invalid`, `auth.token_expired`, `auth.session_revoked` or `auth.banned`; `server.unavailable` while it cannot know.
   * Roles are those of now, not those of the token's making.
   */
  abstract verify(token: string): Promise<VerifiedToken>;
}
