import { eventually } from '@parley/testing';
import { io, type Socket } from 'socket.io-client';
import { afterEach, describe, expect, it } from 'vitest';
import { RawWire } from './support/raw-wire.js';
import { useStandalone } from './support/use-server.js';

describe('the diagnostic port', () => {
  const server = useStandalone('diagnostic', {
    PARLEY_DIAGNOSTIC_PORT: 'auto',
    PARLEY_SOCKET_PING_INTERVAL_MS: '300',
    PARLEY_SOCKET_PING_TIMEOUT_MS: '200',
    PARLEY_SOCKET_CONNECT_TIMEOUT_MS: '1000',
  });
  const sockets: Socket[] = [];

  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.disconnect();
  });

  function open(namespace: string, transport: 'websocket' | 'polling', auth = {}): Socket {
    const url = server.current.diagnosticUrl + (namespace === '/' ? '' : namespace);
    const socket = io(url, { forceNew: true, transports: [transport], reconnection: false, auth });
    sockets.push(socket);
    return socket;
  }
  const once = (socket: Socket, event: string) =>
    new Promise<unknown[]>((resolve) => socket.once(event, (...args: unknown[]) => resolve(args)));

  for (const namespace of ['/', '/custom']) {
    for (const transport of ['websocket', 'polling'] as const) {
      it(`echoes on ${namespace} over ${transport}`, async () => {
        const auth = { token: 'anything', nested: { a: [1] } };
        const socket = open(namespace, transport, auth);
        expect(await once(socket, 'auth')).toEqual([auth]);
        const back = once(socket, 'message-back');
        socket.emit('message', 1, '2', { 3: [true] }, Buffer.from([1, 2, 3]));
        expect(await back).toEqual([1, '2', { 3: [true] }, Buffer.from([1, 2, 3])]);
        const ack = await new Promise<unknown[]>((resolve) =>
          socket.emit('message-with-ack', 1, '2', { 3: [false] }, (...args: unknown[]) => resolve(args)),
        );
        expect(ack).toEqual([1, '2', { 3: [false] }]);
      });
    }
  }

  it('opens no other namespace', async () => {
    const socket = open('/random', 'websocket');
    const [error] = (await once(socket, 'connect_error')) as [Error];
    expect(error.message).toBe('Invalid namespace');
  });

  it('keeps to its heartbeat, and closes who does not answer it', async () => {
    const raw = await RawWire.open(server.current.diagnosticUrl);
    const handshake = JSON.parse(raw.frames[0]!.slice(1)) as Record<string, unknown>;
    expect(handshake).toMatchObject({ pingInterval: 300, pingTimeout: 200, maxPayload: 65_536 });
    await eventually('two pings', () => raw.frames.filter((frame) => frame === '2').length >= 2);
    const silent = await new Promise<number>((resolve) => {
      void import('ws').then(({ WebSocket }) => {
        const socket = new WebSocket(
          `${server.current.diagnosticUrl.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`,
        );
        const openedAt = performance.now();
        socket.on('close', () => resolve(performance.now() - openedAt));
      });
    });
    expect(silent).toBeGreaterThan(400);
    expect(silent).toBeLessThan(1500);
    raw.close();
  });

  it('closes who never opens a namespace', async () => {
    const raw = await RawWire.open(server.current.diagnosticUrl);
    await eventually('a close without a CONNECT', () => raw.isClosed, { deadlineMs: 2500 });
  });
});

describe('without the setting', () => {
  const server = useStandalone('no-diagnostic');

  it('no second port is open', async () => {
    await expect(fetch(server.current.diagnosticUrl)).rejects.toThrow();
  });
});
