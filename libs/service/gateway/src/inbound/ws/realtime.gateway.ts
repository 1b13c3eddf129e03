import type { IncomingMessage } from 'node:http';
import proxyAddr from '@fastify/proxy-addr';
import { AccessTokenVerifier, PolicyEnforcer, SessionRegistry } from '@parley/core-gateway';
import { DomainError, type UserId } from '@parley/kernel';
import { Inject, Injectable } from '@nestjs/common';
import { type OnGatewayConnection, type OnGatewayInit, WebSocketGateway } from '@nestjs/websockets';
import type { Server, Socket } from 'socket.io';
import { countClosed } from '../../gateway-counters.js';
import { PresenceReporter } from '../../outbound/presence-reporter.js';
import { GATEWAY_SETTINGS, type GatewaySettings } from '../../settings.js';
import type { GatewaySession } from './command.js';
import { Dispatcher } from './dispatcher.js';
import { LiveSession } from './live-session.js';
import { WriteMerger } from './write-merger.js';

const TOO_MANY_RETRY_MS = 10_000;

/** The public Socket.IO door: who may connect, and what a connection's life brings with it. Commands are in ./commands. */
@Injectable()
@WebSocketGateway()
export class RealtimeGateway implements OnGatewayInit<Server>, OnGatewayConnection<Socket> {
  private readonly merger = new WriteMerger();
  /** The client's address; X-Forwarded-For counts only from trusted proxies, as for REST. */
  private readonly addressOf: (request: IncomingMessage) => string;

  constructor(
    private readonly verifier: AccessTokenVerifier,
    private readonly registry: SessionRegistry,
    private readonly presence: PresenceReporter,
    private readonly dispatcher: Dispatcher,
    private readonly enforcer: PolicyEnforcer,
    @Inject(GATEWAY_SETTINGS) private readonly settings: GatewaySettings,
  ) {
    const trusted = proxyAddr.compile(settings.PARLEY_TRUSTED_PROXIES);
    this.addressOf = (request) => proxyAddr(request, trusted);
  }

  afterInit(server: Server): void {
    server.use((socket, next) => {
      this.admit(socket).then(
        () => next(),
        (error: unknown) => {
          const data = this.dispatcher.answer(error);
          next(Object.assign(new Error(data.message), { data }));
        },
      );
    });
  }

  handleConnection(socket: Socket): void {
    const session = socket.data as LiveSession;
    // Nothing reads the upgrade request any more; without it a connection is a little lighter.
    Object.assign(socket.conn, { request: undefined });
    this.merger.attach(socket);
    this.registry.add(session.link);
    this.dispatcher.attach(socket, session);
    socket.once('disconnect', (reason) => {
      countClosed(session.link.closedFor ?? reason.replaceAll(' ', '_'));
      session.end();
      for (const conversationId of this.registry.remove(session.link)) this.presence.unsubscribed(conversationId);
    });
    // What was revoked, or came in as one too many, between the check and the registry is looked at once more from inside.
    if (this.socketsOf(session.principal.userId) > this.settings.PARLEY_SOCKETS_PER_USER)
      session.link.close('limit.sockets', 'reconnect', TOO_MANY_RETRY_MS);
    this.recheck(session).catch((error: unknown) => {
      const { code } = this.dispatcher.answer(error);
      session.link.close(code, code === 'auth.banned' ? 'stop' : 'login');
    });
  }

  private async recheck(session: LiveSession): Promise<void> {
    this.enforcer.refuseBannedAddress(session.address);
    await this.verifier.verify(session.token);
  }

  private socketsOf(userId: UserId): number {
    return this.registry.of({ userIds: [userId], sessionIds: [] }).length;
  }

  private async admit(socket: Socket): Promise<void> {
    const address = this.addressOf(socket.request);
    this.enforcer.refuseBannedAddress(address);
    const { token } = socket.handshake.auth as { token?: unknown };
    if (typeof token !== 'string' || token === '')
      throw new DomainError('auth.token_missing', 'unauthenticated', {
        message: 'auth.token must hold an access token.',
      });
    const verified = await this.verifier.verify(token);
    if (this.socketsOf(verified.principal.userId) >= this.settings.PARLEY_SOCKETS_PER_USER)
      throw new DomainError('limit.sockets', 'rate_limited', { retryAfterMs: TOO_MANY_RETRY_MS });
    const session = new LiveSession(socket, token, verified, address) satisfies GatewaySession;
    socket.data = session;
    // ORDER: the session is known to presence before the client learns that it is connected. What is committed after the client's
    // `sync` then finds this node; what was committed before is in the answer to it.
    const leave = await this.presence.opened(verified.principal);
    const closed = () => {
      // Also of a connection that went away before it was one, which no `disconnect` tells of.
      session.end();
      leave();
    };
    if (socket.conn.readyState === 'open') socket.conn.once('close', closed);
    else closed();
  }
}
