import { eventually } from '@parley/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { Device } from './support/device.js';
import { administrator, PASSWORD, type Person, people } from './support/people.js';
import { Api } from './support/api.js';
import { useServer } from './support/use-server.js';

describe('authorization', () => {
  const server = useServer('authorization');
  let admin: Person;

  beforeAll(async () => {
    admin = await administrator(server.current);
  });

  it('administration is closed to everybody else', async () => {
    const [alice] = await people(server.current, 'alice');
    for (const path of ['/admin/users', '/admin/policies', '/admin/bans', '/admin/audit', '/admin/system']) {
      expect(await alice!.api.refusal('GET', path), path).toMatchObject({ status: 403, code: 'authz.denied' });
      expect((await alice!.api.call('GET', path, { token: null })).status, path).toBe(401);
      await admin.api.get(path);
    }
    const policy = { rules: [{ ptype: 'p', values: [alice!.id, '/api/v1/admin/.*', '.*', 'allow'] }] };
    expect((await alice!.api.refusal('POST', '/admin/policies', policy)).code).toBe('authz.denied');
  });

  it('what needs a token says so, whatever the path looks like', async () => {
    const open = new Api(server.current.url);
    for (const path of [
      '/users/me',
      '/conversations',
      '/contacts',
      '/files/x',
      '/calls/ice-servers',
      '/presence?userIds=x',
    ])
      expect(await open.refusal('GET', path), path).toMatchObject({ status: 401, code: 'auth.token_missing' });
    for (const path of [
      '/auth/../users/me',
      '/auth/%2e%2e/users/me',
      '//users/me',
      '/users/me/',
      '/USERS/ME',
      '/users/me;/auth/login',
    ])
      expect((await open.call('GET', path)).status, path).toBeGreaterThanOrEqual(400);
  });

  it('a rule that denies one user one path holds at once, for them alone, until it is removed', async () => {
    const [alice, bob] = (await people(server.current, 'alice', 'bob')) as [Person, Person];
    const rule = { ptype: 'p', values: [alice.id, '/api/v1/users', 'GET', 'deny'] };
    await alice.api.get('/users?q=bo');
    await admin.api.call('POST', '/admin/policies', { body: { rules: [rule] } });
    expect(await alice.api.refusal('GET', '/users?q=bo')).toMatchObject({ status: 403, code: 'authz.denied' });
    await bob.api.get('/users?q=al');
    await alice.api.get('/users/me');
    const removed = await admin.api.call('DELETE', '/admin/policies', { body: { rules: [rule] } });
    expect(removed.status).toBeLessThan(300);
    await alice.api.get('/users?q=bo');
  });

  it('says by which rule somebody would be denied', async () => {
    const [alice] = (await people(server.current, 'alice')) as [Person];
    const check = (object: string) =>
      admin.api.get<{ allowed: boolean }>(
        `/admin/policies/check?${new URLSearchParams({ subject: alice.id, object, action: 'GET' })}`,
      );
    expect(await check('/api/v1/users/me')).toMatchObject({ allowed: true });
    expect(await check('/api/v1/admin/users')).toMatchObject({ allowed: false });
  });

  it('a ban closes sockets, ends REST and login, and lifting it lets back in', async () => {
    const [alice] = (await people(server.current, 'alice')) as [Person];
    const device = await alice.connect();
    await admin.api.post('/admin/bans', { kind: 'user', value: alice.id, reason: 'spam' });
    const closing = await device.next<{ code: string; action: string }>('session:closing', () => true, 1000);
    expect(closing).toMatchObject({ code: 'auth.banned', action: 'stop' });
    await eventually('disconnect', () => device.disconnectReason, { deadlineMs: 1000 });
    expect(await alice.api.refusal('GET', '/users/me')).toMatchObject({ code: 'auth.banned' });
    expect((await Device.refusal(server.current.url, alice.token)).code).toBe('auth.banned');
    const credentials = { username: alice.username, password: PASSWORD };
    const open = new Api(server.current.url);
    expect((await open.refusal('POST', '/auth/login', credentials)).code).toBe('auth.banned');
    const lifted = await admin.api.call('DELETE', `/admin/bans/user/${alice.id}`);
    expect(lifted.status).toBeLessThan(300);
    await open.post('/auth/login', credentials);
  });

  it('every change is in the audit trail, with who made it', async () => {
    const trail = JSON.stringify(await admin.api.get('/admin/audit?limit=100'));
    expect(trail).toContain(admin.id);
    for (const action of ['polic', 'ban']) expect(trail).toContain(action);
  });
});
