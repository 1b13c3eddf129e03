import { describe, expect, it } from 'vitest';
import { reactive } from 'vue';
import { assemble } from './client.js';
import { until } from './observable.js';
import { memoryStorage } from './store/index.js';
import { FakeBrowser } from './testing/fake-browser.js';
import { settled } from './testing/fake-clockwork.js';
import type { ParleyClient } from './types.js';

/** Nobody listens there. */
const url = 'http://127.0.0.1:1';
const session = {
  user: { userId: 'ada', displayName: 'Ada', kind: 'user', createdAt: '2026-01-01T00:00:00.000Z' },
  sessionId: 's',
  deviceId: 'd',
  accessToken: 'access',
  goodUntil: Date.UTC(2027, 0, 1),
  lifetimeMs: 600_000,
  refreshToken: 'refresh',
};

async function tabs(count: number, signedIn: boolean) {
  const browser = new FakeBrowser();
  const storage = memoryStorage();
  if (signedIn) await storage.write(['session'], (tx) => tx.put('session', 'current', session));
  const clients = Array.from({ length: count }, (_, number) =>
    assemble({ url, storage, tabs: 'shared' }, browser.tab(number)),
  );
  await Promise.all(clients.map((client) => until(client.session, ({ status }) => status !== 'loading')));
  await settled();
  return { browser, clients };
}

describe('a client', () => {
  it.each([false, true])('leaves no timer behind when it is closed (signed in: %s)', async (signedIn) => {
    const { browser, clients } = await tabs(3, signedIn);
    expect(clients.map((client) => client.session.value.status)).toEqual(
      Array(3).fill(signedIn ? 'signed-in' : 'signed-out'),
    );
    for (const client of clients) {
      client.setTyping('c', 'typing');
      client.people.get('bob').subscribe(() => undefined);
      client.presence.of('bob').subscribe(() => undefined);
    }
    await settled();
    await Promise.all(clients.map((client) => client.close()));
    await settled();
    expect(browser.clockwork.waiting).toBe(0);
  });

  it('keeps who is signed in while nothing can be reached, and says so on all tabs', async () => {
    const { clients } = await tabs(2, true);
    await Promise.all(clients.map((client) => until(client.connection, ({ status }) => status === 'offline')));
    for (const client of clients) {
      expect(client.connection.value).toMatchObject({ error: { code: 'client.offline', retryable: true } });
      await expect(client.call('GET /users/me', {})).rejects.toMatchObject({ code: 'client.offline' });
      expect(client.session.value.status).toBe('signed-in');
    }
    await Promise.all(clients.map((client) => client.close()));
  });

  it('tries at once, from any tab, when somebody asks it to', async () => {
    const { browser, clients } = await tabs(2, true);
    const last = clients[1] as ParleyClient;
    const offline = () => until(last.connection, ({ status }) => status === 'offline');
    await offline();
    expect(browser.clockwork.waiting).toBeGreaterThan(0);
    const tried = until(last.connection, ({ status }) => status === 'connecting');
    last.reconnect();
    await tried;
    await offline();
    await Promise.all(clients.map((client) => client.close()));
    last.reconnect();
  });

  it('does not connect when asked to while nobody is signed in', async () => {
    const { clients } = await tabs(1, false);
    clients[0]?.reconnect();
    await settled();
    expect(clients[0]?.connection.value.status).toBe('idle');
    await clients[0]?.close();
  });

  it('is told at once that it may not be without a server', () => {
    const browser = new FakeBrowser();
    expect(() => assemble({}, { ...browser.tab(0), origin: undefined })).toThrow('url');
  });
});

it('works inside the reactive state of a framework, which leaves it as it is', async () => {
  const { clients } = await tabs(1, true);
  const [client] = clients as [ParleyClient];
  const state = reactive({
    client,
    messages: client.messages('c'),
    members: client.members('c'),
    connection: client.connection,
    unread: client.conversations.unread,
    upload: client.files.upload(new Blob(['x'])),
  });
  expect(state.client).toBe(client);
  expect(state.messages.value.items).toEqual([]);
  expect(state.members.value.items).toEqual([]);
  state.connection.subscribe(() => undefined)();
  expect(state.unread.value.messages).toBe(0);
  state.upload.cancel();
  await client.close();
});
