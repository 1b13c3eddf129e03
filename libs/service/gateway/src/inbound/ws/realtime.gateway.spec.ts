import { EventEmitter } from 'node:events';
import { SessionRegistry } from '@parley/core-gateway';
import type { Server, Socket } from 'socket.io';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RealtimeGateway } from './realtime.gateway.js';

type Middleware = (socket: Socket, next: (error?: Error) => void) => void;

class FakeConnection extends EventEmitter {
  readyState = 'open';
  readonly written: string[] = [];
  readonly writeBuffer: unknown[] = [];
  readonly transport = { name: 'websocket' };
  flush() {}
  close() {}
  write(frame: string) {
    this.written.push(frame);
  }
}

describe('RealtimeGateway', () => {
  const principal = { userId: 'ann', sessionId: 's', deviceId: 'd', roles: [] };
  let registry: SessionRegistry;
  let gateway: RealtimeGateway;
  let enter: Middleware;
  let goOn: (() => void)[];

  beforeEach(() => {
    vi.useFakeTimers();
    registry = new SessionRegistry();
    goOn = [];
    gateway = new RealtimeGateway(
      { verify: async () => ({ principal, expiresAt: Date.now() + 3_600_000 }) } as never,
      registry,
      { opened: () => new Promise((resolve) => goOn.push(() => resolve(() => {}))), unsubscribed() {} } as never,
      { attach() {}, answer: () => ({ code: 'auth.session_revoked', message: '' }) } as never,
      { refuseBannedAddress() {} } as never,
      { PARLEY_TRUSTED_PROXIES: [], PARLEY_SOCKETS_PER_USER: 1 } as never,
    );
    gateway.afterInit({ use: (middleware: Middleware) => void (enter = middleware) } as unknown as Server);
  });
  afterEach(() => void vi.useRealTimers());

  const knock = async () => {
    const conn = new FakeConnection();
    const request = { headers: {}, socket: { remoteAddress: '10.0.0.1' } };
    const socket = Object.assign(new EventEmitter(), { conn, request, handshake: { auth: { token: 't' } } });
    const sees = Object.assign(socket, { disconnect: () => socket.emit('disconnect') });
    const next = vi.fn();
    enter(sees as unknown as Socket, next);
    await vi.advanceTimersByTimeAsync(1);
    return { socket: sees as unknown as Socket, conn, next };
  };

  it('keeps the limit of sockets per user also when many come in at the same moment', async () => {
    const all = [await knock(), await knock()];
    for (const go of goOn) go();
    await vi.advanceTimersByTimeAsync(1);
    for (const { socket } of all) gateway.handleConnection(socket);
    expect(registry.size).toBe(1);
    expect(all.map(({ conn }) => conn.written.join().includes('limit.sockets'))).toEqual([false, true]);
  });

  it('keeps nothing of a connection that goes away while it is let in', async () => {
    const { conn, next } = await knock();
    conn.readyState = 'closed';
    goOn[0]?.();
    await vi.advanceTimersByTimeAsync(1);
    expect(next).toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });
});
