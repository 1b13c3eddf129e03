import { randomUUID } from 'node:crypto';
import { type ConnectionState, until } from '@parley/client';
import { never } from '@parley/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { useStandalone } from '../support/use-server.js';
import { offline, online, refusal, useClients } from './support/clients.js';
import { Way } from './support/way.js';

describe('connection of the SDK', () => {
  const server = useStandalone('client-connection');
  let way: Way;
  const clients = useClients(() => way.url);
  beforeEach(async () => {
    way = await Way.to(server.current.httpPort);
  });
  afterEach(() => way.close());

  it('comes back after each cut', async () => {
    const ada = await clients.person('Ada');
    for (let round = 0; round < 3; round++) {
      way.cut();
      await offline(ada);
      await online(ada);
    }
    await ada.call('GET /users/me', {});
  });

  it('says when it tries again, while nobody answers', async () => {
    const ada = await clients.person('Ada');
    way.cut({ refuse: true });
    await offline(ada);
    const state = ada.connection.value as Required<ConnectionState>;
    expect(state).toMatchObject({ status: 'offline', error: { code: 'client.offline' } });
    expect(state.retryAt - Date.now()).toBeLessThan(30_000);
    way.heal();
    await online(ada);
    expect(ada.connection.value.error).toBeUndefined();
  });

  it('notices a connection that hangs by a command without an answer, and makes another', async () => {
    const ada = await clients.person('Ada');
    way.stall();
    const begun = Date.now();
    const asked = refusal(
      ada.command('message:send', {
        conversationId: 'world',
        clientMsgId: randomUUID(),
        type: 'text',
        content: { text: '?' },
      }),
    );
    await until(ada.connection, ({ status }) => status === 'offline');
    // The server's ping would take 25 s and more.
    expect(Date.now() - begun).toBeLessThan(17_000);
    expect(await asked).toMatchObject({ code: 'client.timeout', retryable: true });
    way.heal();
    await online(ada);
  });

  it('rejects what is under way when the connection ends', async () => {
    const ada = await clients.person('Ada');
    server.current.freeze();
    try {
      const asked = refusal(ada.command('sync', {}));
      way.cut();
      expect(await asked).toMatchObject({ code: 'client.timeout', retryable: true });
    } finally {
      server.current.thaw();
    }
    await online(ada);
  });

  it('takes what a proxy says for what it is', async () => {
    const page = new Response('<html>502 Bad Gateway</html>', {
      status: 502,
      headers: { 'content-type': 'text/html' },
    });
    const before = globalThis.fetch;
    const ada = await clients.person('Ada');
    globalThis.fetch = async () => page;
    try {
      expect(await refusal(ada.call('GET /users/me', {}))).toMatchObject({
        code: 'client.bad_answer',
        status: 502,
        retryable: true,
      });
    } finally {
      globalThis.fetch = before;
    }
    expect(ada.session.value.status).toBe('signed-in');
  });

  it('lets the caller give up', async () => {
    const ada = await clients.person('Ada');
    const given = new AbortController();
    way.stall();
    const asked = refusal(ada.call('GET /users/me', { signal: given.signal }));
    given.abort();
    expect(await asked).toMatchObject({ code: 'client.cancelled', retryable: false });
    way.heal();
  });

  it('leaves nothing behind when it is closed', async () => {
    const ada = await clients.person('Ada');
    await ada.close();
    const { accepted } = way;
    way.cut();
    await never('a new connection', () => way.accepted > accepted, 1000);
    expect(await refusal(ada.command('sync', {}))).toMatchObject({ code: 'client.offline' });
  });
});
