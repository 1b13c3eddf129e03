import { eventually } from '@parley/testing';
import { describe, expect, it } from 'vitest';
import { Api } from './support/api.js';
import { Device } from './support/device.js';
import { login, people, person } from './support/people.js';
import type { Opened, Page, Session } from './support/shapes.js';
import { useServer } from './support/use-server.js';

interface Closing {
  code: string;
  action: string;
}

/** The server has to end a session within a second of the answer, see G12. */
const WITHIN_MS = 1000;

async function closedWith(device: Device): Promise<Closing> {
  const closing = await device.next<Closing>('session:closing', () => true, WITHIN_MS);
  await eventually('disconnect', () => device.disconnectReason, { deadlineMs: WITHIN_MS });
  return closing;
}

describe('sessions', () => {
  const server = useServer('sessions');

  it('logout closes the socket with a last word, and REST is refused afterwards', async () => {
    const alice = await person(server.current, 'alice');
    const device = await alice.connect();
    await alice.api.post('/auth/logout', {});
    expect(await closedWith(device)).toMatchObject({ code: 'auth.session_revoked', action: 'login' });
    expect(await alice.api.refusal('GET', '/users/me')).toMatchObject({ status: 401, code: 'auth.session_revoked' });
    expect((await Device.refusal(server.current.url, alice.token)).code).toBe('auth.session_revoked');
    const { refreshToken } = alice.opened;
    expect((await new Api(server.current.url).refusal('POST', '/auth/refresh', { refreshToken })).status).toBe(401);
  });

  it('logout ends one session only; logout everywhere ends all', async () => {
    const alice = await person(server.current, 'alice');
    const first = await alice.connect();
    const second = await alice.anotherDevice('second');
    const third = await alice.anotherDevice('third');
    await second.api.post('/auth/logout', {});
    await closedWith(second.device);
    expect([first.connected, third.device.connected]).toEqual([true, true]);
    await alice.api.post('/auth/logout', { everywhere: true });
    await Promise.all([closedWith(first), closedWith(third.device)]);
    expect(await third.api.refusal('GET', '/users/me')).toMatchObject({ code: 'auth.session_revoked' });
  });

  it('lists devices and ends a chosen one, over polling too', async () => {
    const alice = await person(server.current, 'alice');
    const opened = await login(server.current, alice.username, 'tablet');
    const tablet = await Device.connect(server.current.url, opened.accessToken, {
      deviceId: 'tablet',
      transports: ['polling'],
    });
    const { items } = await alice.api.get<Page<Session>>('/users/me/sessions');
    expect(items).toHaveLength(2);
    const session = items.find((one) => one.deviceId === 'tablet') as Session;
    await alice.api.delete(`/users/me/sessions/${session.sessionId}`);
    expect(await closedWith(tablet)).toMatchObject({ action: 'login' });
    expect((await alice.api.get<Page<Session>>('/users/me/sessions')).items).toHaveLength(1);
  });

  it('nobody ends a session of somebody else', async () => {
    const [alice, bob] = await people(server.current, 'alice', 'bob');
    const device = await bob!.connect();
    expect((await alice!.api.refusal('DELETE', `/users/me/sessions/${bob!.opened.session.sessionId}`)).status).toBe(
      404,
    );
    await bob!.api.get('/users/me');
    expect(device.connected).toBe(true);
  });

  it('refuses the handshake without, with a wrong and with a foreign token', async () => {
    const alice = await person(server.current, 'alice');
    const { url } = server.current;
    expect(await Device.refusal(url, '')).toMatchObject({ code: 'auth.token_missing', retryable: false });
    expect(await Device.refusal(url, 'nonsense')).toMatchObject({ code: 'auth.token_invalid' });
    expect((await Device.refusal(url, alice.opened.refreshToken)).code).toMatch(/^auth\.token_/);
    const [head, claims, signature] = alice.token.split('.') as [string, string, string];
    const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
    for (const forged of [
      `${none}.${claims}.`,
      `${head}.${claims}.`,
      `${head}.${claims}.${signature.slice(0, -6)}AAAAAA`,
    ]) {
      expect((await Device.refusal(url, forged)).code).toBe('auth.token_invalid');
      expect((await new Api(url, forged).refusal('GET', '/users/me')).code).toBe('auth.token_invalid');
    }
  });

  it('the socket goes on with a new access token, but not with another user’s', async () => {
    const [alice, bob] = await people(server.current, 'alice', 'bob');
    const device = await alice!.connect();
    const { refreshToken } = alice!.opened;
    const fresh = await new Api(server.current.url).post<Opened>('/auth/refresh', { refreshToken });
    await device.request('token:refresh', { token: fresh.accessToken });
    expect((await device.refusal('token:refresh', { token: bob!.token })).code).toMatch(/^auth\./);
    expect((await device.refusal('token:refresh', { token: 'nonsense' })).code).toBe('auth.token_invalid');
  });
});
