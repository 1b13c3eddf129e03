import { describe, expect, it } from 'vitest';
import { NO_DEVICE } from '../testing/builders.js';
import { ADDRESS, openDesk, PASSWORD } from '../testing/desk.js';

describe('guests', () => {
  it('have a session and no credential, and become users under the same id and session', async () => {
    const desk = openDesk();
    const guest = await desk.createGuest.execute({ displayName: '', device: NO_DEVICE, address: ADDRESS });
    expect(guest).toMatchObject({ roles: ['guest'], account: { kind: 'guest', username: '', displayName: 'Guest' } });
    const command = {
      actorId: guest.account.userId,
      sessionId: guest.session.sessionId,
      username: 'Ann',
      password: PASSWORD,
    };
    const upgraded = await desk.upgradeGuest.execute(command);
    expect(upgraded.account).toMatchObject({ userId: guest.account.userId, kind: 'user', username: 'Ann' });
    expect(upgraded.roles).toEqual(['user']);
    expect(upgraded.session.sessionId).toBe(guest.session.sessionId);
    await expect(desk.upgradeGuest.execute(command)).rejects.toMatchObject({ code: 'auth.not_a_guest' });
    const asked = { refreshToken: upgraded.refreshToken, address: ADDRESS, deviceId: '' };
    expect((await desk.refresh.execute(asked)).roles).toEqual(['user']);
    expect((await desk.logIn('ann')).account.userId).toBe(guest.account.userId);
  });

  it('are not upgraded by an ended or somebody else’s session', async () => {
    const desk = openDesk();
    const guest = await desk.createGuest.execute({ displayName: 'V', device: NO_DEVICE, address: ADDRESS });
    const other = await desk.createGuest.execute({ displayName: 'W', device: NO_DEVICE, address: ADDRESS });
    const command = {
      actorId: guest.account.userId,
      sessionId: other.session.sessionId,
      username: 'ann',
      password: PASSWORD,
    };
    await expect(desk.upgradeGuest.execute(command)).rejects.toMatchObject({ code: 'auth.session_revoked' });
  });
});

describe('users', () => {
  it('see their own roles, and of others only what is public', async () => {
    const desk = openDesk();
    const adminId = await desk.administrator();
    const ann = await desk.person('ann');
    const views = await desk.getUsers.execute({
      actorId: ann.account.userId,
      userIds: [adminId, ann.account.userId, '0-x'],
    });
    expect(views.map(({ account, roles }) => [account.username, roles])).toEqual([
      ['admin', []],
      ['ann', ['user']],
    ]);
    const own = await desk.getUsers.execute({ actorId: adminId, userIds: [adminId, adminId] });
    expect(own.map((view) => view.roles)).toEqual([['user', 'admin']]);
    const many = { actorId: adminId, userIds: Array.from({ length: 501 }, (_, i) => `0-${i}`) };
    await expect(desk.getUsers.execute(many)).rejects.toMatchObject({ code: 'request.invalid' });
  });

  it('are found by what they are called, and refuse empty and endless questions', async () => {
    const desk = openDesk();
    await desk.person('ann');
    const page = { limit: 10 };
    expect((await desk.searchUsers.execute({ query: ' ANN ', page })).items).toHaveLength(1);
    for (const query of ['', '   ', 'x'.repeat(65), '\ud800'])
      await expect(desk.searchUsers.execute({ query, page })).rejects.toMatchObject({ code: 'request.invalid' });
  });

  it('change their profile', async () => {
    const desk = openDesk();
    const { userId: actorId } = (await desk.person('ann')).account;
    const changed = await desk.updateProfile.execute({ actorId, displayName: ' Ann  B ', avatarFileId: 'f1' });
    expect(changed).toMatchObject({ account: { displayName: 'Ann B', avatarFileId: 'f1' }, roles: ['user'] });
    expect(await desk.updateProfile.execute({ actorId, avatarFileId: '' })).toMatchObject({
      account: { displayName: 'Ann B', avatarFileId: '' },
    });
    for (const wrong of [{ displayName: '' }, { avatarFileId: 'a/b' }])
      await expect(desk.updateProfile.execute({ actorId, ...wrong })).rejects.toMatchObject({
        code: 'request.invalid',
      });
  });
});

describe('changing the password', () => {
  it('ends all other sessions and keeps this one', async () => {
    const desk = openDesk();
    const here = await desk.person('ann');
    const elsewhere = await desk.logIn('ann');
    const { userId: actorId } = here.account;
    const command = { actorId, sessionId: here.session.sessionId, current: PASSWORD, next: 'another good one' };
    await desk.changePassword.execute(command);
    expect(desk.enforcer.closed.at(-1)?.sessionIds).toEqual([elsewhere.session.sessionId]);
    expect(await desk.verify.execute({ token: here.accessToken })).toBeDefined();
    await expect(desk.logIn('ann')).rejects.toMatchObject({ code: 'auth.invalid_credentials' });
    await expect(desk.logIn('ann', 'another good one')).resolves.toBeDefined();
    expect(desk.enforcer.versions).toEqual([]);
  });

  it('wants the current one, a new one, and not too many tries', async () => {
    const desk = openDesk();
    const { session } = await desk.person('ann');
    const command = {
      actorId: session.userId,
      sessionId: session.sessionId,
      current: PASSWORD,
      next: 'another good one',
    };
    await expect(desk.changePassword.execute({ ...command, next: PASSWORD })).rejects.toMatchObject({
      code: 'auth.password_unacceptable',
    });
    await expect(desk.changePassword.execute({ ...command, next: 'password1' })).rejects.toMatchObject({
      code: 'auth.password_unacceptable',
      details: { errors: [{ path: 'next' }] },
    });
    for (let i = 0; i < 3; i += 1)
      await expect(desk.changePassword.execute({ ...command, current: 'wrong' })).rejects.toMatchObject({
        code: 'auth.invalid_credentials',
      });
    await expect(desk.changePassword.execute(command)).rejects.toMatchObject({ code: 'limit.rate' });
    await expect(desk.changePassword.execute({ ...command, actorId: '0-none' })).rejects.toMatchObject({
      code: 'user.not_found',
    });
  });
});

describe('deleting the account', () => {
  it('ends everything; the last administrator cannot go', async () => {
    const desk = openDesk();
    const adminId = await desk.administrator();
    const ann = await desk.person('ann');
    await expect(desk.deleteAccount.execute({ actorId: adminId })).rejects.toMatchObject({
      code: 'policy.would_lock_out',
    });
    await desk.assignRoles.assign({ actorId: adminId, userId: ann.account.userId, role: 'admin' });
    await desk.deleteAccount.execute({ actorId: adminId });
    expect(desk.enforcer.closed.at(-1)).toMatchObject({ userIds: [adminId], action: 'login' });
    expect(await desk.policies.rolesOf([adminId])).toEqual(new Map());
    await expect(desk.logIn('admin')).rejects.toMatchObject({ code: 'auth.invalid_credentials' });
    const [gone] = await desk.getUsers.execute({ actorId: ann.account.userId, userIds: [adminId] });
    expect(gone?.account).toMatchObject({ username: '', displayName: '' });
    expect(await desk.verify.execute({ token: ann.accessToken })).toBeDefined();
  });

  it('makes tokens and refresh tokens of the account worthless', async () => {
    const desk = openDesk();
    const ann = await desk.person('ann');
    await desk.deleteAccount.execute({ actorId: ann.account.userId });
    expect(await desk.verify.execute({ token: ann.accessToken })).toBeUndefined();
    const asked = { refreshToken: ann.refreshToken, address: ADDRESS, deviceId: '' };
    await expect(desk.refresh.execute(asked)).rejects.toMatchObject({ code: 'auth.session_revoked' });
  });
});
