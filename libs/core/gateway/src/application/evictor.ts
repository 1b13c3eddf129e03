import type { Principal } from '@parley/kernel';
import { DomainError } from '@parley/kernel';
import type { RevokedSessions } from '../domain/revoked-sessions.js';
import type { PolicyEnforcer } from './policy-enforcer.js';

/** A live connection as far as showing it out goes. */
export interface Evictable {
  readonly principal: Principal;
  /** The client's address; absent where bans of addresses need not reach it. */
  readonly address?: string;
  close(code: string, action: 'login' | 'stop'): void;
}

/**
 * Shows out who is inside and may not be any more. Identity names sessions and users to close when it revokes or bans them; this finds those
 * that only the new set tells of: banned addresses, and whatever was missed while this node could not be told.
 */
export class Evictor {
  constructor(
    private readonly sockets: () => Iterable<Evictable>,
    private readonly enforcer: PolicyEnforcer,
    private readonly revoked: RevokedSessions,
  ) {
    enforcer.onChange(() => this.sweep());
    revoked.onLearn(() => this.sweep());
  }

  sweep(): void {
    // A copy: closing takes a socket out of what is walked.
    for (const socket of [...this.sockets()]) this.check(socket);
  }

  private check(socket: Evictable): void {
    if (this.revoked.has(socket.principal.sessionId)) socket.close('auth.session_revoked', 'login');
    else if (this.isBanned(socket)) socket.close('auth.banned', 'stop');
  }

  private isBanned({ principal, address }: Evictable): boolean {
    // Before the first set nobody is inside.
    if (this.enforcer.version === 0) return false;
    try {
      this.enforcer.refuseBannedUser(principal.userId);
      if (address !== undefined) this.enforcer.refuseBannedAddress(address);
      return false;
    } catch (error) {
      // Anything else says nothing about them.
      if (DomainError.is(error)) return error.code === 'auth.banned';
      throw error;
    }
  }
}
