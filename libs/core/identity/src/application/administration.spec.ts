import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICIES, DEFAULTS_VERSION } from '../domain/default-policies.js';
import { NO_DEVICE } from '../testing/builders.js';
import { ADDRESS, openDesk } from '../testing/desk.js';

const deny = (subject: string) => ({ ptype: 'p', values: [subject, '/api/v1/users', 'GET', 'deny'] });
const page = { limit: 50 };
const trailLine = { auditId: 'a', at: 0, actorId: 'system', action: 'policy.seeded', subject: 'policy' };
const never = () => {
  throw new Error('must not be asked');
};

describe('the first start', () => {
  it('makes rules, a key and an administrator with a one-time password, once', async () => {
    const desk = openDesk();
    const first = await desk.bootstrap.execute({ username: 'admin' });
    expect(first.oneTimePassword?.length).toBeGreaterThanOrEqual(16);
    const { rules } = await desk.policies.read();
    expect(rules).toEqual(expect.arrayContaining([...DEFAULT_POLICIES]));
    expect(await desk.bootstrap.execute({ username: 'another', password: 'something else' })).toEqual({
      username: 'another',
    });
    expect(await desk.accounts.findByUsername('another')).toBeUndefined();
    expect(await desk.keys.all()).toHaveLength(1);
  });

  it('of a newer release adds the default rules that came with it, and not again what was taken away', async () => {
    const desk = openDesk();
    await desk.bootstrap.execute({ username: 'admin' });
    const { rules } = await desk.policies.read();
    expect(await desk.policies.upgradeDefaults(DEFAULTS_VERSION, never, trailLine)).toBeUndefined();

    const older = openDesk();
    const pins = DEFAULT_POLICIES.filter((rule) => rule.type === 'p' && rule.path.endsWith('/pins'));
    const before = {
      add: rules.filter((rule) => !pins.includes(rule)),
      remove: [],
      audit: { ...trailLine, details: {} },
    };
    await older.policies.edit(before, () => undefined);
    await older.bootstrap.execute({ username: 'admin' });
    expect((await older.policies.read()).rules).toEqual(expect.arrayContaining(pins));
    const [line] = (await older.policies.audit(page)).items;
    expect(line).toMatchObject({ actorId: 'system', details: { from: 1, to: DEFAULTS_VERSION, removed: [] } });

    await older.policies.edit({ ...before, add: [], remove: pins }, () => undefined);
    await older.bootstrap.execute({ username: 'admin' });
    expect((await older.policies.read()).rules).not.toEqual(expect.arrayContaining(pins));
  });

  it('prints no password that settings gave', async () => {
    const desk = openDesk();
    const given = { username: 'root-1', password: 'given by settings' };
    expect(await desk.bootstrap.execute(given)).toEqual({ username: 'root-1' });
    expect((await desk.logIn('root-1', 'given by settings')).account.mustChangePassword).toBe(true);
  });

  it('is finished by the next start when a crash cut it short', async () => {
    const desk = openDesk();
    const edit = desk.policies.edit.bind(desk.policies);
    desk.policies.edit = () => Promise.reject(new Error('crash'));
    await expect(desk.bootstrap.execute({ username: 'admin' })).rejects.toThrow('crash');
    desk.policies.edit = edit;
    const { oneTimePassword } = await desk.bootstrap.execute({ username: 'admin' });
    await expect(desk.logIn('admin', oneTimePassword)).resolves.toBeDefined();
  });

  it('passes on what else goes wrong', async () => {
    const desk = openDesk();
    desk.accounts.create = () => Promise.reject(new Error('disk full'));
    await expect(desk.bootstrap.execute({ username: 'admin' })).rejects.toThrow('disk full');
  });

  it('gives the administrator no power before the password is their own', async () => {
    const desk = openDesk();
    const { oneTimePassword = '' } = await desk.bootstrap.execute({ username: 'admin' });
    const opened = await desk.logIn('admin', oneTimePassword);
    const { userId: actorId, sessionId } = opened.session;
    expect(opened.roles).toEqual(['user']);
    await expect(desk.queries.listPolicies({ actorId })).rejects.toMatchObject({ code: 'authz.denied' });
    const before = await desk.policySet.execute({ knownVersion: 0, revokedSince: 0 });
    expect(before.content?.rules.filter((rule) => rule.type === 'g')).toEqual([]);
    await desk.changePassword.execute({ actorId, sessionId, current: oneTimePassword, next: 'my own good one' });
    expect(desk.enforcer.versions).toEqual([before.version + 1]);
    const after = await desk.policySet.execute({ knownVersion: before.version, revokedSince: 0 });
    expect(after.content?.rules).toContainEqual({ type: 'g', subject: actorId, role: 'admin' });
    expect((await desk.logIn('admin', 'my own good one')).roles).toEqual(['user', 'admin']);
  });
});

describe('administering policies', () => {
  it('is in force on the gateways when it is answered, audited, and idempotent', async () => {
    const desk = openDesk();
    const actorId = await desk.administrator();
    const version = await desk.editPolicies.add({ actorId, rules: [deny('guest')] });
    expect(desk.enforcer.versions.at(-1)).toBe(version);
    expect(await desk.editPolicies.add({ actorId, rules: [deny('guest')] })).toBe(version);
    expect(await desk.editPolicies.remove({ actorId, rules: [deny('guest')] })).toBe(version + 1);
    await expect(desk.editPolicies.remove({ actorId, rules: [deny('guest')] })).rejects.toMatchObject({
      code: 'policy.not_found',
    });
    const { items } = await desk.queries.listAudit({ actorId, page });
    expect(items.map((entry) => [entry.action, entry.actorId])).toEqual([
      ['policy.removed', actorId],
      ['policy.added', actorId],
      ['policy.seeded', 'system'],
    ]);
  });

  it('is for administrators alone, whatever the gateway let through', async () => {
    const desk = openDesk();
    const adminId = await desk.administrator();
    const { userId: actorId } = (await desk.person('mallory')).account;
    const page = { limit: 1 };
    for (const attempt of [
      () => desk.editPolicies.add({ actorId, rules: [deny('user')] }),
      () => desk.editPolicies.remove({ actorId, rules: [deny('user')] }),
      () => desk.assignRoles.assign({ actorId, userId: actorId, role: 'admin' }),
      () => desk.assignRoles.unassign({ actorId, userId: adminId, role: 'admin' }),
      () => desk.bans.ban({ actorId, kind: 'user', value: adminId, reason: '', until: 0 }),
      () => desk.bans.unban({ actorId, kind: 'user', value: adminId }),
      () => desk.endSessions.execute({ actorId, userId: adminId }),
      () => desk.queries.listPolicies({ actorId }),
      () => desk.queries.listBans({ actorId, page }),
      () => desk.queries.listAudit({ actorId, page }),
      () => desk.queries.listUsers({ actorId, query: '', page }),
    ])
      await expect(attempt()).rejects.toMatchObject({ code: 'authz.denied' });
  });

  it('refuses rules that are no rules, and none at all', async () => {
    const desk = openDesk();
    const actorId = await desk.administrator();
    for (const rules of [
      [],
      [{ ptype: 'p', values: ['user\np, guest', '/x', 'GET', 'allow'] }],
      Array.from({ length: 101 }, () => deny('user')),
    ])
      await expect(desk.editPolicies.add({ actorId, rules })).rejects.toMatchObject({ code: 'request.invalid' });
    const lockOut = [{ ptype: 'p', values: ['admin', '/api/.*', '.*', 'deny'] }];
    await expect(desk.editPolicies.add({ actorId, rules: lockOut })).rejects.toMatchObject({
      code: 'policy.would_lock_out',
    });
  });

  it('assigns roles to accounts, not to guests or nobody, and keeps the last administrator', async () => {
    const desk = openDesk();
    const actorId = await desk.administrator();
    const { userId } = (await desk.person('ann')).account;
    await desk.assignRoles.assign({ actorId, userId, role: 'moderator' });
    expect((await desk.logIn('ann')).roles).toEqual(['user', 'moderator']);
    await desk.assignRoles.unassign({ actorId, userId, role: 'moderator' });
    const guest = await desk.createGuest.execute({ displayName: '', device: NO_DEVICE, address: ADDRESS });
    for (const [wrong, code] of [
      [{ userId: guest.account.userId }, 'request.invalid'],
      [{ userId: '0-none' }, 'user.not_found'],
      [{ role: 'Not a role' }, 'request.invalid'],
    ] as const)
      await expect(desk.assignRoles.assign({ actorId, userId, role: 'moderator', ...wrong })).rejects.toMatchObject({
        code,
      });
    await expect(desk.assignRoles.unassign({ actorId, userId: actorId, role: 'admin' })).rejects.toMatchObject({
      code: 'policy.would_lock_out',
    });
  });

  it('lists users by name, by id, and all with their roles', async () => {
    const desk = openDesk();
    const actorId = await desk.administrator();
    const ann = await desk.person('ann');
    const list = async (query: string) =>
      (await desk.queries.listUsers({ actorId, query, page })).items.map(({ account, roles }) => [
        account.username,
        roles,
      ]);
    expect(await list('')).toEqual([
      ['ann', ['user']],
      ['admin', ['user', 'admin']],
    ]);
    expect(await list('AN')).toEqual([['ann', ['user']]]);
    expect(await list(ann.account.userId)).toEqual([['ann', ['user']]]);
    expect(await list('0-0000000999')).toEqual([]);
    expect(await desk.queries.listPolicies({ actorId })).toMatchObject({ version: 2 });
  });
});

describe('bans', () => {
  it('close the door for a user: sockets, login, refresh and tokens, until lifted', async () => {
    const desk = openDesk();
    const actorId = await desk.administrator();
    const ann = await desk.person('ann');
    const { userId: value } = ann.account;
    const version = await desk.bans.ban({ actorId, kind: 'user', value, reason: 'spam', until: 0 });
    expect(desk.enforcer.versions.at(-1)).toBe(version);
    expect(desk.enforcer.closed.at(-1)).toEqual({
      sessionIds: [],
      userIds: [value],
      code: 'auth.banned',
      action: 'stop',
    });
    await expect(desk.logIn('ann')).rejects.toMatchObject({ code: 'auth.banned' });
    await expect(desk.logIn('ann', 'wrong password')).rejects.toMatchObject({ code: 'auth.invalid_credentials' });
    const asked = { refreshToken: ann.refreshToken, address: ADDRESS, deviceId: '' };
    await expect(desk.refresh.execute(asked)).rejects.toMatchObject({ code: 'auth.banned' });
    expect(await desk.verify.execute({ token: ann.accessToken })).toBeUndefined();
    await desk.bans.unban({ actorId, kind: 'user', value });
    await expect(desk.refresh.execute(asked)).resolves.toBeDefined();
    await expect(desk.logIn('ann')).resolves.toBeDefined();
    await expect(desk.bans.unban({ actorId, kind: 'user', value })).rejects.toMatchObject({
      code: 'policy.ban_not_found',
    });
    await expect(desk.bans.unban({ actorId, kind: 'planet', value })).rejects.toMatchObject({
      code: 'policy.ban_not_found',
    });
  });

  it('keep an address out in every form of it', async () => {
    const desk = openDesk();
    const actorId = await desk.administrator();
    await desk.bans.ban({ actorId, kind: 'address', value: '::ffff:203.0.113.9', reason: '', until: 0 });
    const guest = { displayName: '', device: NO_DEVICE, address: '203.0.113.9' };
    await expect(desk.createGuest.execute(guest)).rejects.toMatchObject({ code: 'auth.banned' });
    expect((await desk.queries.listBans({ actorId, page })).items).toMatchObject([{ value: '203.0.113.9' }]);
    await desk.bans.unban({ actorId, kind: 'address', value: '::FFFF:203.0.113.9' });
    await expect(desk.createGuest.execute(guest)).resolves.toBeDefined();
  });

  it('are of somebody else who exists', async () => {
    const desk = openDesk();
    const actorId = await desk.administrator();
    const ban = { actorId, kind: 'user', reason: '', until: 0 };
    await expect(desk.bans.ban({ ...ban, value: actorId })).rejects.toMatchObject({ code: 'request.invalid' });
    await expect(desk.bans.ban({ ...ban, value: '0198f3a0-none' })).rejects.toMatchObject({ code: 'user.not_found' });
  });

  it('that have ended are not in the set, nor asked about', async () => {
    const desk = openDesk();
    const actorId = await desk.administrator();
    const { userId: value } = (await desk.person('ann')).account;
    await desk.bans.ban({ actorId, kind: 'user', value, reason: '', until: desk.clock.now() + 1000 });
    const bans = async () => (await desk.policySet.execute({ knownVersion: 0, revokedSince: 0 })).content?.bans.length;
    expect(await bans()).toBe(1);
    desk.clock.advance(1000);
    expect(await bans()).toBe(0);
    await expect(desk.logIn('ann')).resolves.toBeDefined();
  });
});

describe('what gateways are told', () => {
  it('leaves the rules out for who has them, never the revoked sessions', async () => {
    const desk = openDesk();
    const actorId = await desk.administrator();
    const ann = await desk.person('ann');
    await desk.endSessions.execute({ actorId, userId: ann.account.userId });
    expect(desk.enforcer.closed.at(-1)).toMatchObject({ sessionIds: [ann.session.sessionId], action: 'login' });
    const { version, content, revoked, asOf } = await desk.policySet.execute({ knownVersion: 0, revokedSince: 0 });
    expect(content?.rules.length).toBeGreaterThan(DEFAULT_POLICIES.length);
    expect(revoked).toEqual([{ sessionId: ann.session.sessionId, until: asOf + 660_000 }]);
    expect(await desk.policySet.execute({ knownVersion: version, revokedSince: asOf })).toEqual({
      version,
      revoked,
      asOf,
    });
    desk.clock.advance(660_001);
    expect((await desk.policySet.execute({ knownVersion: version, revokedSince: 0 })).revoked).toEqual([]);
    await expect(desk.endSessions.execute({ actorId, userId: '0-none' })).rejects.toMatchObject({
      code: 'user.not_found',
    });
  });
});
