import { request } from 'node:http';
import { eventually, ParleyServer, type ParleyServerOptions } from '@parley/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { type Person, people } from './support/people.js';
import type { Message, Page } from './support/shapes.js';
import { useStandalone } from './support/use-server.js';

describe('operations', () => {
  const server = useStandalone('operations');
  const extra: { server: ParleyServer; isOwnFolder: boolean }[] = [];
  /** Also one that starts where it should not ends with its test. */
  const startExtra = async (options: ParleyServerOptions) => {
    const started = await ParleyServer.start(options);
    extra.push({ server: started, isOwnFolder: options.directory === undefined });
    return started;
  };
  afterEach(async () => {
    for (const { server: one, isOwnFolder } of extra.splice(0)) {
      await one.stop();
      if (isOwnFolder) one.remove();
    }
  });

  it('says on the admin port that it is alive and ready, and what it measures', async () => {
    const admin = (path: string) => fetch(server.current.adminUrl + path);
    expect((await admin('/healthz')).status).toBe(200);
    expect((await admin('/readyz')).status).toBe(200);
    const metrics = await (await admin('/metrics')).text();
    expect(metrics).toMatch(/^# TYPE parley_/m);
    expect(metrics).toMatch(/^process_cpu_/m);
    expect((await admin('/api/v1/users/me')).status, 'nothing public on it').toBe(404);
  });

  it('going down in order, it tells clients to come back, ends, and has everything when it returns', async () => {
    const [alice, bob] = (await people(server.current, 'alice', 'bob')) as [Person, Person];
    const conversationId = await alice.directWith(bob);
    const device = await alice.connect();
    const sent = await Promise.all(Array.from({ length: 50 }, (_, n) => device.sendText(conversationId, `${n}`)));
    const stopped = server.current.stop();
    const closing = await device.next<{ action: string; reconnectAfterMs?: number }>('session:closing');
    expect(closing.action).toBe('reconnect');
    await stopped;
    expect(server.current.isRunning).toBe(false);
    await server.current.start();
    const { items } = await bob.api.get<Page<Message>>(`/conversations/${conversationId}/messages?limit=100`);
    expect(items.map((message) => message.messageId)).toEqual(sent.map((one) => one.messageId).reverse());
    await bob.connect();
  });

  it('a second process on the same data is refused, and does no harm to the first', async () => {
    await expect(startExtra({ name: 'second', directory: server.current.directory })).rejects.toThrow(
      /in use|another process/i,
    );
    const [alice] = await people(server.current, 'alice');
    await alice!.api.get('/users/me');
  });

  it('a wrong setting stops the start with its name and the expected form', async () => {
    for (const [name, value] of [
      ['PARLEY_SENDS_PER_SECOND', 'many'],
      ['PARLEY_RATE_LIMITS', 'perhaps'],
      ['PARLEY_CALL_RING_SECONDS', '-1'],
    ] as const)
      await expect(startExtra({ name: 'wrong', env: { [name]: value } })).rejects.toThrow(new RegExp(name));
  });

  it('lets pages of allowed origins in, over websocket, polling and REST, and no others', async () => {
    const own = await startExtra({ name: 'origins', env: { PARLEY_ALLOWED_ORIGINS: 'https://chat.example.org' } });
    const [alice] = await people(own, 'alice');
    const poll = async (origin: string) =>
      (await fetch(`${own.url}/socket.io/?EIO=4&transport=polling`, { headers: { origin } })).status;
    const allowed = async (origin: string) =>
      (
        await fetch(`${own.url}/api/v1/users/me`, { headers: { origin, authorization: `Bearer ${alice!.token}` } })
      ).headers.get('access-control-allow-origin');
    expect(await upgradeStatus(own, 'https://chat.example.org')).toBe(101);
    expect(await poll('https://chat.example.org')).toBe(200);
    expect(await allowed('https://chat.example.org')).toBe('https://chat.example.org');
    for (const origin of [
      'https://evil.example.org',
      'https://chat.example.org.evil.org',
      'http://chat.example.org',
      'null',
    ]) {
      expect(await upgradeStatus(own, origin), origin).toBeGreaterThanOrEqual(400);
      expect(await poll(origin), origin).toBeGreaterThanOrEqual(400);
      expect([null, 'https://chat.example.org'], origin).toContain(await allowed(origin));
    }
    // Programs that are no pages send no origin.
    await alice!.connect();
  });

  it('writes no token and no text of a message to its log', async () => {
    const [alice, bob] = (await people(server.current, 'alice', 'bob')) as [Person, Person];
    const device = await alice.connect();
    await device.sendText(await alice.directWith(bob), 'between you and me');
    await alice.api.call('GET', '/no/such/path?token=secretive');
    await eventually('the log', () => server.current.log() !== undefined);
    const log = server.current.log();
    expect(log).not.toContain('between you and me');
    expect(log).not.toContain(alice.token);
    expect(log).not.toContain(alice.opened.refreshToken);
  });
});

/** The status that a WebSocket upgrade from a page of this origin gets; 499 when the server just hangs up. */
function upgradeStatus(server: ParleyServer, origin: string): Promise<number> {
  const headers = {
    origin,
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
  };
  return new Promise((resolve) => {
    const asked = request(`${server.url}/socket.io/?EIO=4&transport=websocket`, { headers });
    asked.on('upgrade', (answer, socket) => {
      resolve(answer.statusCode as number);
      socket.destroy();
    });
    asked.on('response', (answer) => {
      resolve(answer.statusCode as number);
      asked.destroy();
    });
    asked.on('error', () => resolve(499));
    asked.end();
  });
}
