import { describe, expect, it } from 'vitest';
import { DAY_MS, NO_DEVICE } from '../testing/builders.js';
import { ADDRESS, openDesk, PASSWORD } from '../testing/desk.js';
import { KEY_CHECK_MS } from './limits.js';

describe('registering and logging in', () => {
  it('opens a session whose token says who, where and what', async () => {
    const desk = openDesk();
    const opened = await desk.register.execute({
      username: 'Ann',
      password: PASSWORD,
      displayName: ' Ann  Lee ',
      device: { deviceId: 'phone', name: 'Phone', platform: 'ios' },
      address: '::ffff:192.0.2.7',
    });
    expect(opened.account).toMatchObject({ username: 'Ann', displayName: 'Ann Lee', kind: 'user' });
    expect(opened.session).toMatchObject({ deviceId: 'phone', deviceName: 'Phone', address: '192.0.2.7' });
    expect(opened.accessTokenExpiresAt).toBe(desk.clock.now() + 600_000);
    expect(await desk.verify.execute({ token: opened.accessToken })).toMatchObject({
      userId: opened.account.userId,
      sessionId: opened.session.sessionId,
      deviceId: 'phone',
      roles: ['user'],
    });
    expect(desk.throttle.creations).toBe(1);
  });

  it('makes a device id where the client has none', async () => {
    const desk = openDesk();
    const first = await desk.person('ann');
    const second = await desk.logIn('ann');
    expect(first.session.deviceId).not.toBe('');
    expect(second.session.deviceId).not.toBe(first.session.deviceId);
  });

  it.each([
    { deviceId: 'a b', name: '', platform: '' },
    { deviceId: 'x'.repeat(65), name: '', platform: '' },
    { deviceId: '', name: 'two\nlines', platform: '' },
    { deviceId: '', name: '', platform: 'x'.repeat(101) },
  ])('refuses the device %j', async (device) => {
    const command = { username: 'ann', password: PASSWORD, displayName: '', device, address: ADDRESS };
    await expect(openDesk().register.execute(command)).rejects.toMatchObject({ code: 'request.invalid' });
  });

  it('finds the account in any case; answers a wrong password like an unknown name, after the same work', async () => {
    const desk = openDesk();
    const ann = await desk.person('Ann');
    expect((await desk.logIn('ANN')).account.userId).toBe(ann.account.userId);
    const before = desk.hasher.checks;
    const wrong = await desk.logIn('ann', 'wrong password').catch((error: unknown) => error);
    const unknown = await desk.logIn('nobody', 'wrong password').catch((error: unknown) => error);
    expect(wrong).toMatchObject({ code: 'auth.invalid_credentials' });
    expect(unknown).toEqual(wrong);
    expect(desk.hasher.checks - before).toBe(2);
  });

  it('never opens a guest by an empty name', async () => {
    const desk = openDesk();
    await desk.createGuest.execute({ displayName: '', device: NO_DEVICE, address: ADDRESS });
    await expect(desk.logIn('', PASSWORD)).rejects.toMatchObject({ code: 'auth.invalid_credentials' });
  });

  it('slows guessing at one name from one address; the owner elsewhere gets in', async () => {
    const desk = openDesk();
    await desk.person('ann');
    for (let i = 0; i < 3; i += 1)
      await expect(desk.logIn('ann', 'wrong password')).rejects.toMatchObject({ code: 'auth.invalid_credentials' });
    await expect(desk.logIn('ann')).rejects.toMatchObject({ code: 'limit.rate', details: { retryAfterMs: 1000 } });
    const elsewhere = { username: 'ann', password: PASSWORD, device: NO_DEVICE, address: '203.0.113.5' };
    await expect(desk.login.execute(elsewhere)).resolves.toBeDefined();
  });

  it('lets the oldest session give way, and closes its sockets', async () => {
    const desk = openDesk({ sessionsPerUser: 2 });
    const first = await desk.person('ann');
    desk.clock.advance(1);
    await desk.logIn('ann');
    desk.clock.advance(1);
    await desk.logIn('ann');
    expect(desk.enforcer.closed).toEqual([
      { sessionIds: [first.session.sessionId], userIds: [], code: 'auth.session_revoked', action: 'login' },
    ]);
  });
});

describe('refreshing', () => {
  const asked = (refreshToken: string, deviceId = '') => ({ refreshToken, address: ADDRESS, deviceId });

  it('goes on with new tokens of the same session, until its absolute end', async () => {
    const desk = openDesk();
    const opened = await desk.person('ann');
    desk.clock.advance(89 * DAY_MS);
    const fresh = await desk.refresh.execute(asked(opened.refreshToken));
    expect(fresh.session.sessionId).toBe(opened.session.sessionId);
    expect(fresh.session.expiresAt).toBe(opened.session.expiresAt);
    desk.clock.advance(DAY_MS - 60_000);
    const last = await desk.refresh.execute(asked(fresh.refreshToken));
    expect(last.accessTokenExpiresAt).toBe(opened.session.expiresAt);
    desk.clock.advance(60_000);
    await expect(desk.refresh.execute(asked(last.refreshToken))).rejects.toMatchObject({ code: 'auth.token_expired' });
  });

  it('ends the family and closes its sockets when a used-up token comes back', async () => {
    const desk = openDesk();
    const opened = await desk.person('ann');
    const second = await desk.refresh.execute(asked(opened.refreshToken));
    const third = await desk.refresh.execute(asked(second.refreshToken));
    await expect(desk.refresh.execute(asked(opened.refreshToken))).rejects.toMatchObject({
      code: 'auth.session_revoked',
    });
    expect(desk.enforcer.closed.at(-1)).toMatchObject({ sessionIds: [opened.session.sessionId], action: 'login' });
    await expect(desk.refresh.execute(asked(third.refreshToken))).rejects.toMatchObject({
      code: 'auth.session_revoked',
    });
    expect(await desk.verify.execute({ token: third.accessToken })).toBeUndefined();
  });

  it('refuses an access token, an invented one, and another device’s', async () => {
    const desk = openDesk();
    const opened = await desk.person('ann');
    for (const token of [opened.accessToken, 'nonsense', opened.refreshToken.replace(/.$/, '~')])
      await expect(desk.refresh.execute(asked(token))).rejects.toMatchObject({ code: 'auth.token_invalid' });
    const foreign = opened.refreshToken.replace(opened.session.sessionId, '0-none');
    await expect(desk.refresh.execute(asked(foreign))).rejects.toMatchObject({ code: 'auth.token_invalid' });
    await expect(desk.refresh.execute(asked(opened.refreshToken, 'other'))).rejects.toMatchObject({
      code: 'auth.token_invalid',
    });
    const own = asked(opened.refreshToken, opened.session.deviceId);
    await expect(desk.refresh.execute(own)).resolves.toBeDefined();
  });
});

describe('ending sessions', () => {
  it('ends this one, or all; the gateways know before it is answered', async () => {
    const desk = openDesk();
    const first = await desk.person('ann');
    const second = await desk.logIn('ann');
    const actorId = first.account.userId;
    await desk.logout.execute({ actorId, sessionId: second.session.sessionId, everywhere: false });
    expect(desk.enforcer.closed.at(-1)?.sessionIds).toEqual([second.session.sessionId]);
    expect(await desk.verify.execute({ token: first.accessToken })).toBeDefined();
    const third = await desk.logIn('ann');
    await desk.logout.execute({ actorId, sessionId: first.session.sessionId, everywhere: true });
    expect([...(desk.enforcer.closed.at(-1)?.sessionIds ?? [])].sort()).toEqual(
      [first.session.sessionId, third.session.sessionId].sort(),
    );
    expect(await desk.listSessions.execute({ actorId })).toEqual([]);
  });

  it('is not answered while a gateway cannot be told; a repeat tells it again', async () => {
    const desk = openDesk();
    const ann = await desk.person('ann');
    const command = { actorId: ann.account.userId, sessionId: ann.session.sessionId, everywhere: false };
    desk.enforcer.isAway = true;
    await expect(desk.logout.execute(command)).rejects.toMatchObject({ code: 'server.unavailable' });
    desk.enforcer.isAway = false;
    await desk.logout.execute(command);
    expect(desk.enforcer.closed.at(-1)?.sessionIds).toEqual([ann.session.sessionId]);
  });

  it('ends a chosen one of one’s own; others’ are as if they were not there', async () => {
    const desk = openDesk();
    const ann = await desk.person('ann');
    const bob = await desk.person('bob');
    const own = { actorId: ann.account.userId, sessionId: ann.session.sessionId };
    for (const sessionId of [bob.session.sessionId, '0-none'])
      await expect(desk.revokeSession.execute({ ...own, sessionId })).rejects.toMatchObject({
        code: 'auth.session_not_found',
      });
    await desk.revokeSession.execute(own);
    expect(await desk.verify.execute({ token: ann.accessToken })).toBeUndefined();
    expect(await desk.verify.execute({ token: bob.accessToken })).toBeDefined();
  });
});

describe('signing keys', () => {
  it('are made at first need, and again when old; the old one is published as long as its tokens live', async () => {
    const desk = openDesk();
    const { accessToken } = await desk.person('ann');
    expect(JSON.parse(await desk.tokens.jwks())).toEqual({ keys: [{ kid: 'key-1' }] });
    desk.clock.advance(30 * DAY_MS);
    await desk.tokens.rotate();
    expect(JSON.parse(await desk.tokens.jwks())).toEqual({ keys: [{ kid: 'key-2' }, { kid: 'key-1' }] });
    expect((await desk.logIn('ann')).accessToken).toContain('key-2');
    desk.clock.advance(2 * KEY_CHECK_MS);
    await desk.tokens.rotate();
    expect(JSON.parse(await desk.tokens.jwks())).toEqual({ keys: [{ kid: 'key-2' }] });
    await expect(desk.tokens.verify(accessToken)).rejects.toMatchObject({ code: 'auth.token_invalid' });
  });
});

describe('verifying', () => {
  it('calls nonsense inactive, and passes other trouble on', async () => {
    const desk = openDesk();
    expect(await desk.verify.execute({ token: 'nonsense' })).toBeUndefined();
    await expect(desk.verify.execute({ token: '{' })).rejects.toBeInstanceOf(SyntaxError);
  });
});
