import { engine, type Engines, eventually, type ParleyServer } from '@parley/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api } from '../support/api.js';
import { ClusterUnderTest } from '../support/cluster-under-test.js';
import { Device } from '../support/device.js';
import { ADMIN_PASSWORD, administrator, login, person } from '../support/people.js';

const NEEDED: (keyof Engines)[] = ['mysql', 'kafka', 'redis', 's3', 'consul'];
const isPossible = NEEDED.every((name) => engine(name) !== undefined);
const WITHIN_MS = 1000;

/** A revocation is acked when every gateway that may hold sockets knows it (G12), whatever happens to gateways and to identity. */
describe.skipIf(!isPossible)('revocations and the gateways', () => {
  let server: ClusterUnderTest;
  let admin: Api;
  let here: ParleyServer;
  let there: ParleyServer;

  beforeAll(async () => {
    server = await ClusterUnderTest.start({
      name: 'revocations',
      replicas: { 'api-gateway': 2 },
      env: { PARLEY_ADMIN_PASSWORD: ADMIN_PASSWORD },
    });
    [here, there] = server.cluster.gateways as [ParleyServer, ParleyServer];
    admin = new Api(here.url, (await administrator(server)).token);
  }, 120_000);

  afterAll(async () => {
    there?.thaw();
    if (server?.isRunning === false) console.error(server.log());
    await server?.cluster.stop();
    await server?.cluster.remove();
  }, 60_000);

  /** Past the check of the contract, which takes every 503 for a fault. */
  const post = async (path: string, body: unknown): Promise<string> => {
    const response = await fetch(`${here.url}/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${admin.token}` },
      body: JSON.stringify(body),
    });
    const { code } = (response.ok ? {} : await response.json()) as { code?: string };
    return response.ok ? 'ok' : `${response.status} ${code}`;
  };
  const ban = (userId: string) => post('/admin/bans', { kind: 'user', value: userId, reason: 'spam' });

  it('close sockets on the other node within a second of the answer', async () => {
    const alice = await person(server, 'alice');
    const device = await Device.connect(there.url, alice.token);
    await new Api(here.url, alice.token).post('/auth/logout', {});
    const answeredAt = performance.now();
    await device.next('session:closing', () => true, WITHIN_MS);
    await eventually('disconnect', () => device.disconnectReason, { deadlineMs: WITHIN_MS });
    expect(performance.now() - answeredAt).toBeLessThan(WITHIN_MS);
    expect((await Device.refusal(there.url, alice.token)).code).toBe('auth.session_revoked');
  });

  it('are not acked while a node is silent that may hold sockets, and are when it answers again', async () => {
    const bob = await person(server, 'bob');
    const device = await Device.connect(there.url, bob.token);
    there.freeze();
    const refused = await ban(bob.id).finally(() => there.thaw());
    expect(refused).toBe('503 server.unavailable');
    await eventually('the ban is acked', async () => (await ban(bob.id)) === 'ok', { deadlineMs: 10_000 });
    await eventually('disconnect', () => device.disconnectReason, { deadlineMs: WITHIN_MS });
    expect((await Device.refusal(there.url, bob.token)).code).toBe('auth.banned');
  });

  it('wait for nobody who is dead', async () => {
    const carol = await person(server, 'carol');
    await there.kill();
    const startedAt = performance.now();
    expect(await ban(carol.id)).toBe('ok');
    expect(performance.now() - startedAt).toBeLessThan(3000);
    await there.start();
    await eventually(
      'the node is back and lets nobody in who is banned',
      async () => (await Device.refusal(there.url, carol.token)).code === 'auth.banned',
      { deadlineMs: 20_000 },
    );
  });

  it('cannot be missed by live sockets while identity is dead: they go on, logins do not', async () => {
    const dave = await person(server, 'dave');
    const erin = await person(server, 'erin');
    const device = await Device.connect(here.url, dave.token);
    const conversationId = await dave.directWith(erin);
    const identity = server.cluster.process('identity-1');
    await identity.kill();
    const sent = await device.sendText(conversationId, 'identity is away');
    expect(sent.seq).toBeGreaterThan(0);
    const login503 = await post('/auth/login', { username: dave.username, password: 'whatever it is' });
    expect(login503).toBe('503 server.unavailable');
    await identity.start();
    await eventually('a login', async () => (await login(server, dave.username)).accessToken !== '', {
      deadlineMs: 20_000,
    });
    expect(device.connected).toBe(true);
  });
});
