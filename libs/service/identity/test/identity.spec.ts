import { TOPICS } from '@parley/contracts';
import { identityEventsV1 } from '@parley/contracts/rpc';
import { eventually } from '@parley/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IdentityHousekeeping } from '../src/identity-housekeeping.js';
import { type RunningIdentity, startIdentity, temporaryDirectory } from './running-identity.js';

const PASSWORD = 'correct horse battery';
const DEVICE = { deviceId: 'phone', name: 'Phone', platform: 'test' };
const WHERE = { device: DEVICE, address: '192.0.2.1' };
const FIRST = 'the very first password';
const PAGE = { cursor: '', limit: 0 };

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'ok',
    (error: { code: string }) => error.code,
  );

describe('identity over its contract', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let running: RunningIdentity;

  beforeEach(async () => {
    directory = await temporaryDirectory();
    running = await startIdentity(directory.path, { PARLEY_ADMIN_PASSWORD: FIRST });
  });
  afterEach(async () => {
    await running.stop();
    await directory.remove();
  });

  const register = async (username: string) => {
    const request = { username, password: PASSWORD, displayName: '', ...WHERE };
    return (await running.identity.register(request)).opened!;
  };
  const login = async (username: string, password = PASSWORD) =>
    (await running.identity.login({ username, password, ...WHERE })).opened!;
  const refresh = async (refreshToken: string) =>
    (await running.identity.refresh({ refreshToken, address: '192.0.2.1', deviceId: '' })).opened!;
  const administrator = async () => {
    const opened = await login('admin', FIRST);
    const { userId: actorId } = opened.user!;
    const { sessionId } = opened.session!;
    await running.identity.changePassword({ actorId, sessionId, current: FIRST, next: PASSWORD });
    return actorId;
  };
  const facts = (topic: string) => running.log.records.filter((record) => record.topic === topic);

  it('gives one of many who register a name at once the name', async () => {
    const outcomes = await Promise.all(Array.from({ length: 8 }, (_, i) => codeOf(register(i % 2 ? 'sam' : 'SAM'))));
    expect(outcomes.filter((code) => code === 'ok')).toHaveLength(1);
    expect(outcomes.filter((code) => code === 'auth.username_taken')).toHaveLength(7);
  });

  it('answers no secrets', async () => {
    const opened = await register('ann');
    expect(JSON.stringify({ ...opened, accessToken: '', refreshToken: '' })).not.toMatch(/argon|hash|refreshKey/);
    const { users } = await running.identity.getUsers({ actorId: '', userIds: [opened.user!.userId] });
    expect(users).toEqual([{ ...opened.user, roles: [] }]);
  });

  it('refreshes twice at once, and survives a restart with the tokens it gave', async () => {
    const { refreshToken, accessToken } = await register('ann');
    const [one, two] = await Promise.all([refresh(refreshToken), refresh(refreshToken)]);
    expect((await running.identity.verifyToken({ token: one.accessToken })).active).toBe(true);
    await running.stop();
    running = await startIdentity(directory.path);
    expect(running.first.oneTimePassword).toBeUndefined();
    expect(await running.identity.verifyToken({ token: accessToken })).toMatchObject({ active: true, roles: ['user'] });
    const next = await refresh(two.refreshToken);
    expect(await codeOf(refresh(refreshToken))).toBe('auth.session_revoked');
    expect(running.gateway.closed.at(-1)).toMatchObject({ sessionIds: [next.session!.sessionId], action: 'login' });
    expect(await running.identity.verifyToken({ token: next.accessToken })).toMatchObject({
      active: false,
      userId: '',
    });
  });

  it('tells the gateway before it answers a logout, and the log afterwards', async () => {
    const { user, session } = await register('ann');
    const request = { actorId: user!.userId, sessionId: session!.sessionId, everywhere: false };
    running.gateway.isAway = true;
    expect(await codeOf(running.identity.logout(request))).toBe('server.unavailable');
    running.gateway.isAway = false;
    await running.identity.logout(request);
    expect(running.gateway.closed).toEqual([
      { sessionIds: [session!.sessionId], userIds: [], code: 'auth.session_revoked', action: 'login' },
    ]);
    const [record] = await eventually('the fact', () => {
      const found = facts(TOPICS.sessionRevoked.name);
      return found.length > 0 && found;
    });
    expect(record!.key).toBe(user!.userId);
    expect(identityEventsV1.SessionRevoked.decode(record!.value)).toEqual({
      userId: user!.userId,
      sessionIds: [session!.sessionId],
      code: 'auth.session_revoked',
    });
  });

  it('lets guests in and up, and lets accounts go', async () => {
    const guest = (await running.identity.createGuest({ displayName: 'Visitor', device: undefined, address: '' }))
      .opened!;
    expect(guest.user).toMatchObject({ kind: 'guest', username: '', roles: ['guest'] });
    const { userId: actorId } = guest.user!;
    const { sessionId } = guest.session!;
    const up = (await running.identity.upgradeGuest({ actorId, sessionId, username: 'ann', password: PASSWORD }))
      .opened!;
    expect(up.user).toMatchObject({ userId: actorId, kind: 'user', username: 'ann', displayName: 'Visitor' });
    const profile = { actorId, displayName: 'Ann', avatarFileId: undefined };
    expect((await running.identity.updateProfile(profile)).user).toMatchObject({ displayName: 'Ann', roles: ['user'] });
    const found = await running.identity.searchUsers({ actorId, query: 'AN', page: PAGE, among: [] });
    expect(found.users.map((user) => user.userId)).toEqual([actorId]);
    expect((await running.identity.listSessions({ actorId })).sessions).toMatchObject([{ sessionId, address: '' }]);
    await running.identity.revokeSession({ actorId, sessionId });
    await running.identity.deleteAccount({ actorId });
    const { users } = await running.identity.getUsers({ actorId: '', userIds: [actorId] });
    expect(users).toMatchObject([{ deleted: true, username: '', displayName: '' }]);
    const changed = await eventually('all facts', () => {
      const records = facts(TOPICS.userChanged.name).filter((record) => record.key === actorId);
      return records.length === 4 && records.map((record) => identityEventsV1.UserChanged.decode(record.value));
    });
    expect(changed.map((fact) => [fact.displayName, fact.deleted])).toEqual([
      ['Visitor', false],
      ['Visitor', false],
      ['Ann', false],
      ['', true],
    ]);
  });

  it('administers: rules, roles, bans, sessions, lists, each in force before it is answered', async () => {
    const actorId = await administrator();
    const ann = await register('ann');
    const { userId } = ann.user!;
    const rules = [{ ptype: 'p', values: [userId, '/api/v1/users', 'GET', 'deny'] }];
    const { version } = await running.policies.addPolicies({ actorId, rules });
    expect(running.gateway.versions.at(-1)).toBe(version);
    const set = await running.policies.getPolicySet({ knownVersion: 0, revokedSince: 0 });
    expect(set).toMatchObject({ version, unchanged: false });
    expect(set.rules).toContainEqual(rules[0]);
    expect(set.rules).toContainEqual({ ptype: 'g', values: [actorId, 'admin'] });
    const same = await running.policies.getPolicySet({ knownVersion: version, revokedSince: 0 });
    expect(same).toMatchObject({ unchanged: true, rules: [], bans: [] });
    expect((await running.policies.removePolicies({ actorId, rules })).version).toBe(version + 1);
    expect((await running.policies.assignRole({ actorId, userId, role: 'auditor' })).version).toBe(version + 2);
    const listed = await running.policies.listUsers({ actorId, query: 'ann', page: PAGE });
    expect(listed.users[0]?.roles).toEqual(['user', 'auditor']);
    expect((await running.policies.unassignRole({ actorId, userId, role: 'auditor' })).version).toBe(version + 3);
    const ban = { kind: 'user', value: userId, reason: 'spam', until: 0, createdAt: 0, createdBy: '' };
    await running.policies.ban({ actorId, ban });
    expect(running.gateway.closed.at(-1)).toMatchObject({ userIds: [userId], code: 'auth.banned', action: 'stop' });
    expect(await codeOf(login('ann'))).toBe('auth.banned');
    expect((await running.policies.listBans({ actorId, page: PAGE })).bans).toMatchObject([
      { value: userId, createdBy: actorId },
    ]);
    await running.policies.unban({ actorId, kind: 'user', value: userId });
    await running.policies.endSessions({ actorId, userId });
    const after = await running.policies.getPolicySet({ knownVersion: 0, revokedSince: 0 });
    expect(after.revoked.map((one) => one.sessionId)).toContain(ann.session!.sessionId);
    const trail = await running.policies.listAudit({ actorId, page: { cursor: '', limit: 3 } });
    expect(trail.entries.map((entry) => entry.action)).toEqual(['user.sessions_ended', 'user.unbanned', 'user.banned']);
    expect(trail.nextCursor).not.toBe('');
    expect((await running.policies.listPolicies({ actorId })).rules.length).toBe(after.rules.length);
    expect(await codeOf(running.policies.ban({ actorId, ban: undefined }))).toBe('request.invalid');
    expect(await codeOf(running.policies.listPolicies({ actorId: userId }))).toBe('authz.denied');
  });

  it('publishes its keys, and keeps house', async () => {
    const { keys } = JSON.parse((await running.identity.getKeys({})).jwksJson) as { keys: unknown[] };
    expect(keys).toHaveLength(1);
    expect(JSON.stringify(keys)).not.toContain('"d"');
    await running.app.get(IdentityHousekeeping).tidy();
    await expect(login('admin', FIRST)).resolves.toBeDefined();
  });
});

describe('the very first start', () => {
  it('makes a one-time password that works once for changing it, and is told once', async () => {
    const directory = await temporaryDirectory();
    const first = await startIdentity(directory.path, { PARLEY_ADMIN_USERNAME: 'root1', PARLEY_RATE_LIMITS: 'off' });
    const { username, oneTimePassword = '' } = first.first;
    expect(username).toBe('root1');
    const { opened } = await first.identity.login({ username, password: oneTimePassword, ...WHERE });
    expect(opened?.user).toMatchObject({ mustChangePassword: true, roles: ['user'] });
    await first.stop();
    const second = await startIdentity(directory.path);
    expect(second.first).toMatchObject({ username: 'admin', oneTimePassword: undefined });
    await second.stop();
    await directory.remove();
  });
});
