import { memoryStorage, until } from '@parley/client';
import { eventually } from '@parley/testing';
import { describe, expect, it } from 'vitest';
import { administrator, PASSWORD } from '../support/people.js';
import { useStandalone } from '../support/use-server.js';
import { offline, online, refusal, useClients } from './support/clients.js';

describe('session of the SDK', () => {
  const server = useStandalone('client-session');
  const clients = useClients(() => server.current.url);

  it('signs in, and is signed in again after a reload', async () => {
    const storage = memoryStorage();
    const ada = await clients.person('Ada', { storage, device: { name: 'laptop', platform: 'e2e' } });
    expect(ada.session.value).toMatchObject({ status: 'signed-in', user: { displayName: 'Ada' } });
    await ada.close();
    const again = clients.open({ storage });
    await online(again);
    expect(again.session.value).toEqual(ada.session.value);
    expect(await again.session.devices()).toMatchObject([{ deviceName: 'laptop', platform: 'e2e', current: true }]);
  });

  it('says what is wrong with a password, in the language asked for', async () => {
    const { username } = await clients.person('Ada');
    const login = (language: string) =>
      refusal(clients.open({ language }).session.login({ username, password: 'not the password' }));
    expect(await login('en')).toMatchObject({ code: 'auth.invalid_credentials', status: 401, retryable: false });
    expect(String(await login('zh-CN'))).toMatch(/[\u4e00-\u9fff]/);
  });

  it.each([
    ['is about to end', { goodUntil: 0 }],
    ['is refused', { accessToken: 'refused' }],
  ])(
    'refreshes a token that %s, when several clients on one storage want to at once, again and again',
    async (_, spoilt) => {
      const storage = memoryStorage();
      const first = await clients.person('Ada', { storage });
      const { value } = first.session;
      await first.close();
      for (let round = 0; round < 5; round++) {
        await storage.write(['session'], async (tx) =>
          tx.put('session', 'current', { ...(await tx.get<object>('session', 'current')), ...spoilt }),
        );
        const opened = Array.from({ length: 3 }, () => clients.open({ storage }));
        const users = await Promise.all(
          opened.flatMap((client) => [client.call('GET /users/me', {}), client.call('GET /users/me', {})]),
        );
        expect(new Set(users.map(({ userId }) => userId)).size).toBe(1);
        await Promise.all(opened.map(online));
        expect(opened.map(({ session }) => session.value)).toEqual([value, value, value]);
        await Promise.all(opened.map((client) => client.close()));
      }
    },
  );

  it('knows why it was signed out: ended from another device', async () => {
    const ada = await clients.person('Ada');
    const tablet = clients.open();
    await tablet.session.login({ username: ada.username, password: PASSWORD });
    await online(tablet);
    const [other] = (await ada.session.devices()).filter(({ current }) => !current);
    await ada.session.endDevice(other?.sessionId ?? '');
    expect(await until(tablet.session, ({ status }) => status === 'signed-out')).toEqual({
      status: 'signed-out',
      reason: 'revoked',
    });
    expect(tablet.connection.value.status).toBe('idle');
    expect(await refusal(tablet.call('GET /users/me', {}))).toMatchObject({ code: 'client.signed_out' });
    expect(ada.session.value.status).toBe('signed-in');
  });

  it('knows why it was signed out: banned', async () => {
    const ada = await clients.person('Ada');
    const { userId } = await ada.call('GET /users/me', {});
    const admin = await administrator(server.current);
    await admin.api.post('/admin/bans', { kind: 'user', value: userId });
    expect(await until(ada.session, ({ status }) => status === 'signed-out')).toMatchObject({ reason: 'banned' });
  });

  it('knows why it was signed out: the account was deleted', async () => {
    const ada = await clients.person('Ada');
    await ada.session.deleteAccount();
    expect(ada.session.value).toEqual({ status: 'signed-out', reason: 'deleted' });
  });

  it('makes a guest a user, with the same id', async () => {
    const guest = clients.open();
    const { userId, kind } = await guest.session.guest({ displayName: 'Passer-by' });
    expect(kind).toBe('guest');
    await online(guest);
    const username = `up_${userId.slice(-8)}`;
    expect(await guest.session.upgrade({ username, password: PASSWORD })).toMatchObject({
      userId,
      kind: 'user',
      username,
    });
    expect(guest.session.value).toMatchObject({ status: 'signed-in', user: { kind: 'user' } });
    await guest.call('GET /conversations', {});
  });

  it('changes name and password, and stays signed in', async () => {
    const ada = await clients.person('Ada');
    await ada.session.updateProfile({ displayName: 'Ada L.' });
    expect(ada.session.value).toMatchObject({ user: { displayName: 'Ada L.' } });
    expect(
      await refusal(ada.session.changePassword({ current: 'wrong', next: 'another fine password' })),
    ).toMatchObject({
      code: 'auth.invalid_credentials',
    });
    await ada.session.changePassword({ current: PASSWORD, next: 'another fine password' });
    expect((await ada.call('GET /users/me', {})).displayName).toBe('Ada L.');
  });

  it('is not signed out by a server that is away, and connects again', async () => {
    const ada = await clients.person('Ada');
    await server.current.kill();
    await offline(ada);
    expect(await refusal(ada.call('GET /users/me', {}))).toMatchObject({ code: 'client.offline', retryable: true });
    expect(await refusal(ada.command('typing', { conversationId: 'world', state: 'typing' }))).toMatchObject({
      code: 'client.offline',
    });
    await server.current.start();
    await online(ada);
    expect(ada.session.value.status).toBe('signed-in');
  });

  it('comes back by itself after a polite restart', async () => {
    const ada = await clients.person('Ada');
    await server.current.stop();
    await offline(ada);
    await server.current.start();
    await online(ada);
  });

  it('logs out without a connection; the server is told when it is back', async () => {
    const storage = memoryStorage();
    const ada = await clients.person('Ada', { storage });
    const { username } = ada;
    const tablet = clients.open();
    await tablet.session.login({ username, password: PASSWORD });
    await server.current.kill();
    await offline(ada);
    await ada.session.logout();
    expect(ada.session.value).toEqual({ status: 'signed-out', reason: 'logout' });
    expect(await storage.read(['people', 'session'], (tx) => tx.list('people'))).toEqual([]);
    await ada.close();
    await server.current.start();
    await online(tablet);
    expect(await tablet.session.devices()).toHaveLength(2);
    clients.open({ storage });
    await eventually('the session of before is ended', async () => (await tablet.session.devices()).length === 1);
  });

  it('gives the next user of a storage nothing of the one before', async () => {
    const storage = memoryStorage();
    const ada = await clients.person('Ada', { storage });
    await storage.write(['timeline'], (tx) => tx.put('timeline', ['c', 1], 'secret'));
    await ada.session.register({ username: `bob_${ada.username}`.slice(0, 30), password: PASSWORD });
    expect(await storage.read(['timeline'], (tx) => tx.list('timeline'))).toEqual([]);
    await online(ada);
    expect(await ada.session.devices()).toHaveLength(1);
  });
});
