import { operations } from '@parley/contracts';
import { AccessTokenVerifier, DEFAULT_OPEN_PATHS, OpenPaths, RevokedSessions } from '@parley/core-gateway';
import { signed, tokenForgeries } from '@parley/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routeOf } from '../src/inbound/http/operation.js';
import { PolicyReloader } from '../src/policy/policy-reloader.js';
import { type Door, openDoor, rule } from './door.js';

describe('the door of the gateway', () => {
  let door: Door;
  let state: Door['state'];
  const ask: Door['ask'] = (...request) => door.ask(...request);
  const enforce: Door['enforce'] = (...set) => door.enforce(...set);

  beforeAll(async () => {
    door = await openDoor();
    ({ state } = door);
  });
  afterAll(() => door.app.close());

  it('lets nobody in before the first policy is loaded, not even with a good token', async () => {
    expect(door.app.get(PolicyReloader).isLoaded).toBe(false);
    expect(await ask('/api/v1/users/me')).toMatchObject({
      status: 503,
      body: { code: 'server.unavailable', retryable: true },
    });
    expect((await ask('/api/v1/auth/login', null, 'POST', { username: 'ann', password: 'x' })).status).toBe(503);
    state.isAway = false;
    await enforce([rule('user', '/api/v1/.*')]);
    expect((await ask('/api/v1/users/me')).status).toBe(200);
  });

  it('refuses every forged token, at REST and at the handshake', async () => {
    const verifier = door.app.get(AccessTokenVerifier);
    expect((await verifier.verify(door.good.token)).principal).toEqual({
      userId: '0-ann',
      sessionId: '0-session',
      deviceId: 'phone',
      roles: ['user'],
    });
    for (const { name, token, code = 'auth.token_invalid' } of await tokenForgeries(door.good)) {
      await expect(verifier.verify(token), name).rejects.toMatchObject({ code });
      // What a header cannot hold never arrives.
      if (token.trim() === '' || token.length > 10_000 || token.includes(' ')) continue;
      expect(await ask('/api/v1/users/me', token), name).toMatchObject({ status: 401, body: { code } });
    }
    expect(state.keysAsked).toBeLessThanOrEqual(2);
  });

  it('asks for a token where one is needed, and never takes it from the query', async () => {
    for (const path of ['/api/v1/users/me', `/api/v1/users/me?access_token=${door.good.token}`])
      expect(await ask(path, null)).toMatchObject({ status: 401, body: { code: 'auth.token_missing' } });
    const basic = await door.app.inject({
      url: '/api/v1/users/me',
      headers: { authorization: `Basic ${door.good.token}` },
    });
    expect(basic.json()).toMatchObject({ code: 'auth.token_missing' });
  });

  it('refuses a revoked session at once, with a token that is still good', async () => {
    const token = await signed(door.good, { claims: { sid: '0-ended' } });
    expect((await ask('/api/v1/users/me', token)).status).toBe(200);
    door.app.get(RevokedSessions).add({ sessionIds: ['0-ended'], action: 'login' });
    expect(await ask('/api/v1/users/me', token)).toMatchObject({ status: 401, body: { code: 'auth.session_revoked' } });
    await expect(door.app.get(AccessTokenVerifier).verify(token)).rejects.toMatchObject({
      code: 'auth.session_revoked',
    });
  });

  it('learns revoked sessions with the policy, as after a restart', async () => {
    const token = await signed(door.good, { claims: { sid: '0-ended-before' } });
    state.revoked = [{ sessionId: '0-ended-before', until: Date.now() + 60_000 }];
    await enforce([rule('user', '/api/v1/.*')]);
    expect((await ask('/api/v1/users/me', token)).body.code).toBe('auth.session_revoked');
    state.revoked = [];
  });

  it('refuses banned users and banned addresses, these also where no token is needed', async () => {
    const all = [rule('user', '/api/v1/.*')];
    await enforce(all, [{ kind: 'user', value: '0-ann', until: 0 }]);
    expect(await ask('/api/v1/users/me')).toMatchObject({ status: 403, body: { code: 'auth.banned' } });
    expect((await ask('/.well-known/jwks.json', null)).status).toBe(200);
    await enforce(all, [{ kind: 'address', value: '127.0.0.1', until: 0 }]);
    expect(await ask('/.well-known/jwks.json', null)).toMatchObject({ status: 403, body: { code: 'auth.banned' } });
    await enforce(all);
    expect((await ask('/api/v1/users/me')).status).toBe(200);
  });

  it('judges the path that the router serves, however it was written', async () => {
    await enforce([rule('user', '/api/v1/.*'), rule('0-ann', '/api/v1/users/me', 'GET', 'deny')]);
    for (const path of ['/api/v1/users/me', '/api/v1/users/%6De', '/api/v1/%75sers/me', '/api/v1/users/me?x=1'])
      expect((await ask(path)).body.code, path).toBe('authz.denied');
    expect((await ask('/api/v1/users/me', door.good.token, 'HEAD')).status).toBe(403);
    expect((await ask('/api/v1/users/me/sessions')).status).toBe(200);
    await enforce([rule('user', '/api/v1/.*'), rule('user', '/api/v1/conversations/secret/.*', '.*', 'deny')]);
    expect((await ask('/api/v1/conversations/%73ecret/messages/m')).body.code).toBe('authz.denied');
    expect((await ask('/api/v1/conversations/secre%2Ft/messages/m')).body.code).toBe('request.invalid');
    expect((await ask('/api/v1/conversations/other/messages/m')).body).toMatchObject({ detail: 'reached as 0-ann' });
  });

  it('denies what no rule allows', async () => {
    await enforce([rule('user', '/api/v1/users/me', 'GET')]);
    expect((await ask('/api/v1/users/me')).status).toBe(200);
    expect(await ask('/api/v1/users/0-ann')).toMatchObject({ status: 403, body: { code: 'authz.denied' } });
    expect((await ask('/api/v1/users/me', door.good.token, 'DELETE')).status).toBe(403);
    expect((await ask('/api/v1/nowhere')).status).toBe(404);
    await enforce([rule('user', '/api/v1/.*')]);
  });

  it('judges many users at once as each of them, and never as a search', async () => {
    await enforce([rule('user', '/api/v1/users/[^/]+', 'GET'), rule('user', '/api/v1/users/0-boss', 'GET', 'deny')]);
    expect((await ask('/api/v1/users?ids=0-ann,0-bob')).body).toMatchObject({ items: [{ userId: '0-ann' }] });
    const denied = { status: 403, body: { code: 'authz.denied' } };
    for (const query of ['q=an', 'ids=0-ann,0-boss', 'ids=0-ann&ids=0-boss', 'q=an&ids=0-ann', 'ids=', ''])
      expect(await ask(`/api/v1/users?${query}`), query).toMatchObject(denied);
    await enforce([rule('user', '/api/v1/.*')]);
  });

  it('opens by default exactly what the contract calls open', () => {
    const open = new OpenPaths(DEFAULT_OPEN_PATHS);
    for (const operation of operations)
      expect(open.has(routeOf(operation)), operation.id).toBe(operation.access === 'open');
  });
});
