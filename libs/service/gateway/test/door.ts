import { InProcessBus } from '@parley/adapter-in-process';
import { rest } from '@parley/contracts';
import type { policyV1 } from '@parley/contracts/rpc';
import { RpcClients } from '@parley/contracts/rpc';
import { SessionRegistry, SystemView } from '@parley/core-gateway';
import { DomainError } from '@parley/kernel';
import { PlatformModule, readSettings } from '@parley/platform';
import { goodToken } from '@parley/testing';
import { Controller } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { AdminPoliciesController } from '../src/inbound/http/admin-policies.controller.js';
import { AdminSystemController } from '../src/inbound/http/admin-system.controller.js';
import { AdminUsersController } from '../src/inbound/http/admin-users.controller.js';
import { AuthController } from '../src/inbound/http/auth.controller.js';
import { type CallOf, Handles, RestCall } from '../src/inbound/http/operation.js';
import { ProblemFilter } from '../src/inbound/http/problem.filter.js';
import { UsersController } from '../src/inbound/http/users.controller.js';
import { policyProviders } from '../src/policy/policy-providers.js';
import { PolicyReloader } from '../src/policy/policy-reloader.js';
import { GATEWAY_SETTINGS, gatewaySettings } from '../src/settings.js';

const { messages } = rest;

@Controller()
class PinController {
  @Handles(messages.get)
  get(@RestCall() call: CallOf<typeof messages.get>): never {
    throw new DomainError('message.not_found', 'not_found', { message: `reached as ${call.caller.userId}` });
  }
}

const system: SystemView = {
  instances: () => [],
  lag: async () => [{ group: 'delivery.push', topic: 't', records: 3 }],
};

export const rule = (subject: string, path: string, method = '.*', effect = 'allow'): policyV1.PolicyRule => ({
  ptype: 'p',
  values: [subject, path, method, effect],
});
const USER = {
  userId: '0-ann',
  username: 'ann',
  displayName: 'Ann',
  kind: 'user',
  avatarFileId: '',
  createdAt: 0,
  deleted: false,
  roles: ['user'],
  mustChangePassword: false,
};

/** The gateway's door, with identity behind it played by the test. No policy is loaded: identity is away at the start. */
export async function openDoor() {
  const bus = new InProcessBus();
  const state = {
    isAway: true,
    keysAsked: 0,
    set: {
      version: 0,
      rules: [] as policyV1.PolicyRule[],
      bans: [] as { kind: string; value: string; until: number }[],
    },
    revoked: [] as { sessionId: string; until: number }[],
    calls: [] as [string, unknown][],
  };
  const good = await goodToken(Math.floor(Date.now() / 1000));
  const answer = (method: string, result: unknown) =>
    bus.bind(method, async (request) => {
      state.calls.push([method, request]);
      return result;
    });
  bus.bind('IdentityService/GetKeys', async () => {
    state.keysAsked += 1;
    return { jwksJson: JSON.stringify({ keys: [good.jwk] }) };
  });
  bus.bind('PolicyService/GetPolicySet', async (request) => {
    if (state.isAway) throw new DomainError('server.unavailable', 'unavailable');
    const unchanged = (request as policyV1.GetPolicySetRequest).knownVersion === state.set.version;
    return { ...state.set, unchanged, revoked: state.revoked, asOf: Date.now() };
  });
  bus.bind('IdentityService/GetUsers', async (request) => {
    const { userIds } = request as { userIds: string[] };
    return { users: userIds.includes('0-ann') ? [USER] : [] };
  });
  const session = {
    sessionId: '0-session',
    deviceId: 'phone',
    deviceName: '',
    platform: '',
    createdAt: 0,
    lastUsedAt: 0,
    address: '',
  };
  const opened = {
    user: USER,
    session,
    accessToken: 'a',
    accessTokenExpiresAt: 0,
    refreshToken: 'r',
    refreshTokenExpiresAt: 0,
  };
  for (const method of ['Register', 'Login', 'CreateGuest', 'UpgradeGuest', 'Refresh'])
    answer(`IdentityService/${method}`, { opened });
  for (const method of ['Logout', 'ChangePassword', 'DeleteAccount', 'RevokeSession'])
    answer(`IdentityService/${method}`, {});
  answer('IdentityService/VerifyToken', { active: false });
  answer('IdentityService/UpdateProfile', { user: USER });
  answer('IdentityService/SearchUsers', { users: [USER], nextCursor: 'more' });
  answer('IdentityService/ListSessions', { sessions: [session, { ...session, sessionId: '0-other' }] });
  for (const method of ['AddPolicies', 'RemovePolicies', 'AssignRole', 'UnassignRole', 'Ban', 'Unban'])
    answer(`PolicyService/${method}`, { version: 9 });
  answer('PolicyService/EndSessions', {});
  answer('PolicyService/ListPolicies', {
    version: 9,
    rules: [rule('user', '/a'), { ptype: 'g', values: ['0-ann', 'admin'] }],
  });
  answer('PolicyService/ListUsers', { users: [{ ...USER, mustChangePassword: true }], nextCursor: '' });
  const ban = { kind: 'user', value: '0-bob', reason: '', until: 0, createdAt: 0, createdBy: '0-ann' };
  answer('PolicyService/ListBans', { bans: [ban, { ...ban, until: 1 }], nextCursor: '' });
  const entry = { auditId: '0-1', at: 0, actorId: '0-ann', action: 'user.banned', subject: '0-bob' };
  answer('PolicyService/ListAudit', { entries: [{ ...entry, detailsJson: '{"reason":"spam"}' }], nextCursor: '' });
  const module = await Test.createTestingModule({
    imports: [PlatformModule.with([{ provide: RpcClients, useValue: bus }])],
    controllers: [
      AuthController,
      UsersController,
      AdminPoliciesController,
      AdminUsersController,
      AdminSystemController,
      PinController,
    ],
    providers: [
      ...policyProviders,
      { provide: GATEWAY_SETTINGS, useValue: readSettings(gatewaySettings, {}) },
      { provide: SessionRegistry, useValue: new SessionRegistry() },
      { provide: SystemView, useValue: system },
    ],
  }).compile();
  const app = module.createNestApplication<NestFastifyApplication>(
    new FastifyAdapter({ routerOptions: { maxParamLength: 200 } }),
  );
  app.useGlobalFilters(new ProblemFilter());
  await app.init();
  await app.getHttpAdapter().getInstance().ready();

  return {
    app,
    good,
    state,
    /** Resolves when these rules are in force. */
    async enforce(rules: policyV1.PolicyRule[], bans: typeof state.set.bans = []): Promise<void> {
      state.set = { version: state.set.version + 1, rules, bans };
      await app.get(PolicyReloader).reload(state.set.version);
    },
    async ask(path: string, token: string | null = good.token, method = 'GET', payload?: object) {
      const headers = token === null ? {} : { authorization: `Bearer ${token}` };
      const answer = await app.inject({
        method: method as 'GET',
        url: path,
        headers,
        ...(payload ? { payload } : {}),
      });
      return { status: answer.statusCode, body: answer.body === '' ? {} : answer.json(), headers: answer.headers };
    },
  };
}

export type Door = Awaited<ReturnType<typeof openDoor>>;
