import { EmbeddedLog } from '@parley/adapter-embedded-log';
import { InProcessBus } from '@parley/adapter-in-process';
import { SqlDatabase } from '@parley/adapter-sql';
import { TOPICS } from '@parley/contracts';
import { identityEventsV1, identityV1, policyV1, SERVICE_TOKEN_KEY, type ServiceClient } from '@parley/contracts/rpc';
import { readSettings } from '@parley/platform';
import { type ServiceOverGrpc, startServiceOverGrpc } from '@parley/platform/testing';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { IdentityModule, identitySettings } from '../src/index.js';
import { GatewayDouble, temporaryDirectory } from './running-identity.js';

const WHERE = { device: { deviceId: 'phone', name: 'Phone', platform: 'test' }, address: '192.0.2.1' };
const ANN = { username: 'ann', password: 'correct horse battery', displayName: 'Änn', ...WHERE };

/** The identity service on its embedded engines, called over gRPC. */
describe('identity service over gRPC', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let database: SqlDatabase;
  let log: EmbeddedLog;
  let gateway: GatewayDouble;
  let service: ServiceOverGrpc;
  let identity: ServiceClient<typeof identityV1.IdentityServiceService>;

  const start = async () => {
    const neighbours = new InProcessBus();
    gateway = new GatewayDouble();
    gateway.bindTo(neighbours);
    database = await SqlDatabase.openSqlite({ schema: 'identity', directory: directory.path });
    log = await EmbeddedLog.open({ directory: directory.path });
    const settings = readSettings(identitySettings, { PARLEY_ADMIN_PASSWORD: 'the very first password' });
    const module = IdentityModule.with({ database, settings });
    const answers = [identityV1.IdentityServiceService, policyV1.PolicyServiceService] as const;
    service = await startServiceOverGrpc({ module, answers, log, neighbours });
    identity = service.rpc.of(identityV1.IdentityServiceService);
  };
  const stop = async () => {
    await service.stop();
    await log.close();
    await database.close();
  };
  /** From now on, and what was before: users of whom a session was revoked. */
  const revoked = async () => {
    const users: string[] = [];
    await log.subscribe({
      group: 'test.reader',
      topic: TOPICS.sessionRevoked.name,
      handle: async (records) =>
        void users.push(...records.map(({ value }) => identityEventsV1.SessionRevoked.decode(value).userId)),
    });
    return users;
  };

  beforeEach(async () => {
    directory = await temporaryDirectory();
    await start();
  });

  afterEach(async () => {
    await stop();
    await directory.remove();
  });

  it('answers refusals with codes of its own', async () => {
    await identity.register(ANN);
    const taken = { code: 'auth.username_taken', kind: 'already_exists' };
    await expect(identity.register(ANN)).rejects.toMatchObject(taken);
    const wrong = identity.login({ username: 'ann', password: 'not the right one', ...WHERE });
    await expect(wrong).rejects.toMatchObject({ code: 'auth.invalid_credentials', kind: 'unauthenticated' });
    expect(await identity.verifyToken({ token: 'a.b.c' })).toMatchObject({ active: false });
  });

  it('answers a profile with all its letters', async () => {
    const { opened } = await identity.register(ANN);
    expect(opened?.user).toMatchObject({ username: 'ann', displayName: 'Änn' });
    expect(await identity.verifyToken({ token: opened?.accessToken ?? '' })).toMatchObject({
      active: true,
      userId: opened?.user?.userId,
    });
  });

  it('tells the log of a logout once it can, when the log was away at the time', async () => {
    const { opened } = await identity.register(ANN);
    const [actorId, sessionId] = [opened?.user?.userId ?? '', opened?.session?.sessionId ?? ''];
    const away = vi.spyOn(log, 'publishBatch').mockRejectedValue(new Error('the log is away'));
    await identity.logout({ actorId, sessionId, everywhere: false });
    expect(gateway.closed).toMatchObject([{ sessionIds: [sessionId] }]);
    await stop();
    away.mockRestore();
    await start();
    const users = await revoked();
    await vi.waitFor(() => expect(users).toEqual([actorId]), { timeout: 5000 });
  });

  it('goes on after a message that cannot be decoded', async () => {
    const { path, responseDeserialize } = identityV1.IdentityServiceService.register;
    const metadata = new Metadata();
    metadata.set(SERVICE_TOKEN_KEY, service.serviceToken);
    const client = new Client(service.address, credentials.createInsecure());
    const poison = new Promise((resolve) => {
      const bytes = Buffer.from([10, 200, 1, 255]);
      client.makeUnaryRequest(path, (raw: Buffer) => raw, responseDeserialize, bytes, metadata, resolve);
    });
    expect(await poison).toMatchObject({ code: expect.any(Number) as number });
    client.close();
    expect((await identity.register(ANN)).opened?.user?.username).toBe('ann');
  });
});
