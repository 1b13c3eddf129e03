import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Door, openDoor, rule } from './door.js';

describe('accounts, users and administration over REST', () => {
  let door: Door;
  let state: Door['state'];
  const ask: Door['ask'] = (...request) => door.ask(...request);
  const enforce: Door['enforce'] = (...set) => door.enforce(...set);

  beforeAll(async () => {
    door = await openDoor();
    ({ state } = door);
    state.isAway = false;
    await enforce([rule('user', '/api/v1/.*')]);
  });
  afterAll(() => door.app.close());

  it('passes accounts through, with nothing that is nobody’s business', async () => {
    const password = 'x'.repeat(20);
    const login = await ask('/api/v1/auth/login', null, 'POST', { username: 'ann', password });
    expect(login).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
    expect(login.body).toEqual({
      user: {
        userId: '0-ann',
        username: 'ann',
        displayName: 'Ann',
        kind: 'user',
        createdAt: '1970-01-01T00:00:00.000Z',
        roles: ['user'],
      },
      session: {
        sessionId: '0-session',
        deviceId: 'phone',
        createdAt: '1970-01-01T00:00:00.000Z',
        lastUsedAt: '1970-01-01T00:00:00.000Z',
        current: true,
      },
      accessToken: 'a',
      accessTokenExpiresAt: '1970-01-01T00:00:00.000Z',
      refreshToken: 'r',
      refreshTokenExpiresAt: '1970-01-01T00:00:00.000Z',
    });
    expect((await ask('/api/v1/auth/register', null, 'POST', { username: 'ann', password })).status).toBe(201);
    expect((await ask('/api/v1/auth/guest', null, 'POST', { device: { deviceId: 'd' } })).status).toBe(201);
    expect((await ask('/api/v1/auth/refresh', null, 'POST', { refreshToken: 'r' })).status).toBe(200);
    expect((await ask('/api/v1/auth/verify', null, 'POST', { token: 'x' })).body).toEqual({ active: false });
    expect(
      (await ask('/api/v1/auth/guest/upgrade', door.good.token, 'POST', { username: 'ann', password })).status,
    ).toBe(200);
    expect((await ask('/api/v1/auth/logout', door.good.token, 'POST', {})).status).toBe(204);
    expect(state.calls.at(-1)).toEqual([
      'IdentityService/Logout',
      { actorId: '0-ann', sessionId: '0-session', everywhere: false },
    ]);
    const extra = { username: 'ann', password, roles: ['admin'] };
    expect((await ask('/api/v1/auth/register', null, 'POST', extra)).body.code).toBe('request.invalid');
    const huge = { username: 'ann', password: 'x'.repeat(5000) };
    expect((await ask('/api/v1/auth/login', null, 'POST', huge)).body.code).toBe('limit.size');
  });

  it('passes the area of users through', async () => {
    expect((await ask('/api/v1/users/0-ann')).body).not.toHaveProperty('roles');
    expect((await ask('/api/v1/users/0-none')).body.code).toBe('user.not_found');
    expect((await ask('/api/v1/users?q=an')).body).toMatchObject({ items: [{ userId: '0-ann' }], nextCursor: 'more' });
    expect((await ask('/api/v1/users?ids=0-ann,0-gone')).body).toEqual({
      items: [expect.objectContaining({ userId: '0-ann', displayName: 'Ann' })],
    });
    const many = Array.from({ length: 101 }, (_, i) => `u${i}`).join(',');
    expect((await ask(`/api/v1/users?ids=${many}`)).body.code).toBe('limit.size');
    for (const query of ['', 'q=a&ids=0-ann', 'ids=', "ids=' OR 1=1"])
      expect((await ask(`/api/v1/users?${query}`)).body.code, query).toBe('request.invalid');
    expect((await ask('/api/v1/users/me/sessions')).body.items.map((one: { current: boolean }) => one.current)).toEqual(
      [true, false],
    );
    expect((await ask('/api/v1/users/me', door.good.token, 'PATCH', { avatarFileId: null })).status).toBe(200);
    expect(state.calls.at(-1)?.[1]).toMatchObject({ actorId: '0-ann', avatarFileId: '' });
    const passwords = { current: 'old one', next: 'new one' };
    expect((await ask('/api/v1/users/me/password', door.good.token, 'PUT', passwords)).status).toBe(204);
    expect((await ask('/api/v1/users/me/sessions/0-other', door.good.token, 'DELETE')).status).toBe(204);
    expect((await ask('/api/v1/users/me', door.good.token, 'DELETE')).status).toBe(204);
  });

  it('passes administration through, and explains decisions', async () => {
    const rules = { rules: [{ ptype: 'p', values: ['user', '/a', 'GET', 'deny'] }] };
    for (const [method, path, payload] of [
      ['POST', '/policies', rules],
      ['DELETE', '/policies', rules],
      ['PUT', '/roles/auditor/members/0-ann', undefined],
      ['DELETE', '/roles/auditor/members/0-ann', undefined],
      ['POST', '/bans', { kind: 'user', value: '0-bob', until: '2030-01-01T00:00:00Z' }],
    ] as const)
      expect(await ask(`/api/v1/admin${path}`, door.good.token, method, payload), path).toMatchObject({
        status: 200,
        body: { version: 9 },
      });
    expect(state.calls.at(-1)?.[1]).toMatchObject({ ban: { until: Date.UTC(2030, 0, 1), reason: '' } });
    expect((await ask('/api/v1/admin/bans/address/2001:db8::1', door.good.token, 'DELETE')).status).toBe(204);
    expect(state.calls.at(-1)?.[1]).toMatchObject({ kind: 'address', value: '2001:db8::1' });
    expect((await ask('/api/v1/admin/users/0-bob/sessions', door.good.token, 'DELETE')).status).toBe(204);
    expect((await ask('/api/v1/admin/policies')).body.items).toHaveLength(2);
    expect((await ask('/api/v1/admin/roles')).body.items).toContainEqual({
      role: 'admin',
      members: ['0-ann'],
      includes: [],
    });
    expect((await ask('/api/v1/admin/users')).body.items[0]).toMatchObject({
      roles: ['user'],
      mustChangePassword: true,
    });
    expect((await ask('/api/v1/admin/bans')).body.items[1]).toMatchObject({ until: '1970-01-01T00:00:00.001Z' });
    expect((await ask('/api/v1/admin/audit')).body.items[0]).toMatchObject({ details: { reason: 'spam' } });
    expect((await ask('/api/v1/admin/system')).body).toMatchObject({ sockets: 0, lag: [{ records: 3 }] });
    const check = async (subject: string, object: string) =>
      (await ask(`/api/v1/admin/policies/check?${new URLSearchParams({ subject, object, action: 'GET' })}`)).body;
    await enforce([rule('user', '/api/v1/.*'), rule('0-ann', '/api/v1/x', 'GET', 'deny')]);
    expect(await check('0-ann', '/api/v1/x')).toEqual({
      allowed: false,
      banned: false,
      rule: rule('0-ann', '/api/v1/x', 'GET', 'deny'),
      roles: ['user'],
      version: state.set.version,
    });
    expect(await check('user', '/api/v1/x')).toMatchObject({ allowed: true, roles: ['user'] });
    expect(await check('guest', '/api/v1/x')).toEqual({
      allowed: false,
      banned: false,
      roles: ['guest'],
      version: state.set.version,
    });
    expect((await check('0-none', '/x')).code).toBe('user.not_found');
  });
});
