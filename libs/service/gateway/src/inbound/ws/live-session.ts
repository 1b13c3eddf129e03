import type { VerifiedToken } from '@parley/core-gateway';
import { DomainError, type Principal } from '@parley/kernel';
import type { Socket } from 'socket.io';
import type { GatewaySession } from './command.js';
import { SocketLink } from './socket-link.js';

/** After expiry a socket lives on for this long, so that `token:refresh` may be a little late. */
const EXPIRY_GRACE_MS = 30_000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** One connection of a session, with the token it lives by. */
export class LiveSession implements GatewaySession {
  readonly link: SocketLink;
  private expiry: ReturnType<typeof setTimeout> | undefined;

  constructor(
    socket: Socket,
    public token: string,
    verified: VerifiedToken,
    readonly address: string,
  ) {
    this.link = new SocketLink(socket, verified.principal, address);
    this.expireAt(verified.expiresAt);
  }

  get principal(): Principal {
    return this.link.principal;
  }

  /** Goes on with a new token of the same session. */
  renew(token: string, verified: VerifiedToken): void {
    if (verified.principal.sessionId !== this.principal.sessionId)
      throw new DomainError('auth.token_invalid', 'unauthenticated', { message: 'The token is of another session.' });
    this.token = token;
    this.link.principal = verified.principal;
    this.expireAt(verified.expiresAt);
  }

  end(): void {
    clearTimeout(this.expiry);
  }

  private expireAt(expiresAt: number): void {
    clearTimeout(this.expiry);
    const wait = Math.min(expiresAt - Date.now() + EXPIRY_GRACE_MS, LONGEST_TIMER_MS);
    this.expiry = setTimeout(() => this.link.close('auth.token_expired', 'reconnect'), wait);
    this.expiry.unref();
  }
}
