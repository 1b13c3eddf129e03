import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Api } from './support/api.js';
import { login, PASSWORD, person } from './support/people.js';
import type { Opened, Page, User } from './support/shapes.js';
import { useServer } from './support/use-server.js';

describe('accounts', () => {
  const server = useServer('accounts');
  const open = () => new Api(server.current.url);

  it('registers, and the token opens what needs one', async () => {
    const alice = await person(server.current, 'alice');
    const me = await alice.api.get<User>('/users/me');
    expect(me).toMatchObject({ userId: alice.id, username: alice.username, displayName: 'alice', kind: 'user' });
    expect(alice.opened.refreshToken).not.toBe(alice.opened.accessToken);
    expect(Date.parse(alice.opened.accessTokenExpiresAt)).toBeGreaterThan(Date.now());
  });

  it('takes each username once, in any letter case', async () => {
    const alice = await person(server.current, 'alice');
    const taken = await open().refusal('POST', '/auth/register', {
      username: alice.username.toUpperCase(),
      password: PASSWORD,
    });
    expect(taken.status).toBe(409);
  });

  it('refuses short and common passwords, and passwords of a megabyte', async () => {
    for (const password of ['short', 'password', 'x'.repeat(1024 * 1024)]) {
      const refusal = await open().refusal('POST', '/auth/register', { username: `u${Date.now()}`, password });
      expect(refusal.status, `${password.length} characters`).toBeGreaterThanOrEqual(400);
    }
  });

  it('logs in with the password, and answers a wrong one like an unknown name', async () => {
    const alice = await person(server.current, 'alice');
    expect((await login(server.current, alice.username)).user.userId).toBe(alice.id);
    const wrong = await open().refusal('POST', '/auth/login', {
      username: alice.username,
      password: 'not the password',
    });
    const unknown = await open().refusal('POST', '/auth/login', {
      username: 'nobody_at_all',
      password: 'not the password',
    });
    expect(wrong).toMatchObject({ status: 401, code: 'auth.invalid_credentials' });
    expect({ ...unknown, traceId: '' }).toEqual({ ...wrong, traceId: '' });
  });

  it('lets guests in, and lets them become users under the same id', async () => {
    const guest = await open().post<Opened>('/auth/guest', { displayName: 'Visitor' });
    expect(guest.user).toMatchObject({ kind: 'guest', displayName: 'Visitor' });
    const username = `upgraded_${Date.now().toString(36)}`;
    const upgraded = await new Api(server.current.url, guest.accessToken).post<Opened>('/auth/guest/upgrade', {
      username,
      password: PASSWORD,
    });
    expect(upgraded.user).toMatchObject({ userId: guest.user.userId, kind: 'user', username });
    expect((await login(server.current, username)).user.userId).toBe(guest.user.userId);
  });

  it('refreshes: the new pair works, a used refresh token ends the whole session', async () => {
    const alice = await person(server.current, 'alice');
    const second = await open().post<Opened>('/auth/refresh', { refreshToken: alice.opened.refreshToken });
    // A lost answer must not log anyone out: until the new token is used, the old one still works.
    const third = await open().post<Opened>('/auth/refresh', { refreshToken: alice.opened.refreshToken });
    await new Api(server.current.url, second.accessToken).get('/users/me');
    const fourth = await open().post<Opened>('/auth/refresh', { refreshToken: third.refreshToken });
    expect((await open().refusal('POST', '/auth/refresh', { refreshToken: alice.opened.refreshToken })).status).toBe(
      401,
    );
    const revoked = await new Api(server.current.url, fourth.accessToken).refusal('GET', '/users/me');
    expect(revoked).toMatchObject({ status: 401, code: 'auth.session_revoked' });
  });

  it('never takes one kind of token for the other', async () => {
    const alice = await person(server.current, 'alice');
    expect((await new Api(server.current.url, alice.opened.refreshToken).refusal('GET', '/users/me')).status).toBe(401);
    expect((await open().refusal('POST', '/auth/refresh', { refreshToken: alice.token })).status).toBe(401);
  });

  it('tells other services whether a token is good', async () => {
    const alice = await person(server.current, 'alice');
    const good = await open().post<{ active: boolean }>('/auth/verify', { token: alice.token });
    expect(good.active).toBe(true);
    expect(JSON.stringify(good)).toContain(alice.id);
    await alice.api.call('POST', '/auth/logout', { body: {} });
    expect(await open().post('/auth/verify', { token: alice.token })).toMatchObject({ active: false });
    expect(await open().post('/auth/verify', { token: 'nonsense' })).toMatchObject({ active: false });
  });

  it('publishes the key that its tokens are signed with', async () => {
    const alice = await person(server.current, 'alice');
    const { keys } = await open().get<{ keys: (JsonWebKey & { kid: string })[] }>('/.well-known/jwks.json');
    const [head, claims, signature] = alice.token.split('.') as [string, string, string];
    const header = JSON.parse(Buffer.from(head, 'base64url').toString()) as { alg: string; kid: string };
    const jwk = keys.find((key) => key.kid === header.kid);
    expect(jwk).toBeDefined();
    expect(JSON.stringify(keys)).not.toContain('"d"');
    const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
    const algorithm = header.alg === 'EdDSA' ? null : 'sha256';
    const dsaEncoding = header.alg.startsWith('ES') ? ('ieee-p1363' as const) : undefined;
    const signed = Buffer.from(`${head}.${claims}`);
    expect(verify(algorithm, signed, { key, dsaEncoding }, Buffer.from(signature, 'base64url'))).toBe(true);
  });

  it('finds users by the beginning of username or name, and shows nothing private of others', async () => {
    const alice = await person(server.current, 'alice');
    const zoe = await person(server.current, 'Zoë Ünïque');
    const search = async (q: string) =>
      (await alice.api.get<Page<User>>(`/users?q=${encodeURIComponent(q)}`)).items.map((user) => user.userId);
    expect(await search(zoe.username)).toContain(zoe.id);
    expect(await search('zoë ün')).toContain(zoe.id);
    expect(await search('no such person at all')).toEqual([]);
    const seen = await alice.api.get(`/users/${zoe.id}`);
    expect(Object.keys(seen)).not.toEqual(expect.arrayContaining(['roles']));
    expect(JSON.stringify(seen)).not.toMatch(/password|hash|argon|address/i);
    expect((await alice.api.refusal('GET', '/users/nobody')).status).toBe(404);
  });

  it('changes the profile and the password; the old password is over and other sessions end', async () => {
    const alice = await person(server.current, 'alice');
    const elsewhere = new Api(server.current.url, (await login(server.current, alice.username)).accessToken);
    await alice.api.patch('/users/me', { displayName: 'Alice the Second' });
    expect(await alice.api.get('/users/me')).toMatchObject({ displayName: 'Alice the Second' });
    const next = 'another horse, another battery';
    expect(
      (await alice.api.refusal('PUT', '/users/me/password', { current: 'wrong one here', next })).status,
    ).toBeLessThan(500);
    await alice.api.put('/users/me/password', { current: PASSWORD, next });
    await alice.api.get('/users/me');
    expect(await elsewhere.refusal('GET', '/users/me')).toMatchObject({ code: 'auth.session_revoked' });
    expect(await open().refusal('POST', '/auth/login', { username: alice.username, password: PASSWORD })).toMatchObject(
      {
        code: 'auth.invalid_credentials',
      },
    );
  });
});
