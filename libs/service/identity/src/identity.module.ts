import type { RedisStore } from '@parley/adapter-redis';
import type { SqlDatabase } from '@parley/adapter-sql';
import { EventLog } from '@parley/contracts';
import { RpcClients } from '@parley/contracts/rpc';
import {
  AccessTokens,
  AccountStore,
  AdministrationQueries,
  Administrators,
  AssignRoles,
  AttemptThrottle,
  BanGate,
  Bans,
  BootstrapIdentity,
  ChangePassword,
  CreateGuest,
  DeleteAccount,
  EditPolicies,
  EndSessions,
  GetPolicySet,
  GetUsers,
  IdentityLimits,
  KeyStore,
  ListSessions,
  Login,
  Logout,
  PasswordHasher,
  PolicyStore,
  RefreshSession,
  Register,
  RevokeSession,
  SearchUsers,
  SessionEnforcer,
  SessionOpener,
  SessionStore,
  TokenCrypto,
  UpdateProfile,
  UpgradeGuest,
  VerifyToken,
} from '@parley/core-identity';
import { Clock, IdGenerator } from '@parley/kernel';
import { type GatewayNodes, bind, measureWaitingRows, Outbox, provide } from '@parley/platform';
import { type DynamicModule, Logger, Module } from '@nestjs/common';
import { FirstAdministrator } from './first-administrator.js';
import { IdentityHousekeeping } from './identity-housekeeping.js';
import { IdentityController } from './inbound/grpc/identity.controller.js';
import { PolicyController } from './inbound/grpc/policy.controller.js';
import { Argon2PasswordHasher } from './outbound/argon2-password-hasher.js';
import { IdentityDatabase } from './outbound/identity-database.js';
import { JoseTokenCrypto } from './outbound/jose-token-crypto.js';
import { MemoryAttemptThrottle, NoThrottle } from './outbound/memory-attempt-throttle.js';
import { RedisAttemptThrottle } from './outbound/redis-attempt-throttle.js';
import { RpcSessionEnforcer } from './outbound/rpc-session-enforcer.js';
import { SqlAccountStore } from './outbound/sql-account-store.js';
import { SqlKeyStore } from './outbound/sql-key-store.js';
import { SqlPolicyStore } from './outbound/sql-policy-store.js';
import { SqlSessionStore } from './outbound/sql-session-store.js';
import type { IdentitySettings } from './settings.js';

export interface IdentityModuleOptions {
  /** Schema `identity`, up to date. */
  database: SqlDatabase;
  settings: IdentitySettings;
  /** Who must be told before a revocation is answered. Absent: the one gateway of this process. */
  gatewayNodes?: GatewayNodes;
  /** Where several instances count attempts together. Default: each counts for itself. */
  redis?: RedisStore;
}

const DAY_MS = 86_400_000;
const THIS_PROCESS: GatewayNodes = () => Promise.resolve([undefined]);

@Module({})
export class IdentityModule {
  static with({ database, settings, gatewayNodes = THIS_PROCESS, redis }: IdentityModuleOptions): DynamicModule {
    const logger = new Logger(IdentityModule.name);
    measureWaitingRows('identity', 'outbox', database);
    const limits: IdentityLimits = {
      accessTokenMs: settings.PARLEY_ACCESS_TOKEN_SECONDS * 1000,
      sessionMs: settings.PARLEY_SESSION_DAYS * DAY_MS,
      sessionsPerUser: settings.PARLEY_SESSIONS_PER_USER,
      rotateKeysAfterMs: settings.PARLEY_KEY_ROTATION_DAYS * DAY_MS,
    };
    const outbox = { provide: Outbox, inject: [EventLog], useFactory: (log: EventLog) => new Outbox(database, log) };
    const identityDatabase = {
      provide: IdentityDatabase,
      inject: [Outbox],
      useFactory: (box: Outbox) => new IdentityDatabase(database, box, (error) => logger.warn(error)),
    };
    const enforcer = {
      provide: SessionEnforcer,
      inject: [RpcClients],
      useFactory: (rpc: RpcClients) => new RpcSessionEnforcer(rpc, gatewayNodes),
    };
    return {
      module: IdentityModule,
      controllers: [IdentityController, PolicyController],
      providers: [
        { provide: IdentityLimits, useValue: limits },
        outbox,
        identityDatabase,
        enforcer,
        bind(AccountStore, SqlAccountStore, IdentityDatabase),
        bind(SessionStore, SqlSessionStore, IdentityDatabase),
        bind(PolicyStore, SqlPolicyStore, IdentityDatabase),
        bind(KeyStore, SqlKeyStore, IdentityDatabase),
        { provide: TokenCrypto, useValue: new JoseTokenCrypto(settings.PARLEY_TOKEN_ISSUER) },
        { provide: PasswordHasher, useValue: hasherOf(settings) },
        { provide: AttemptThrottle, useValue: throttleOf(settings, redis, (line) => logger.warn(line)) },
        provide(AccessTokens, KeyStore, TokenCrypto, Clock, IdentityLimits),
        provide(SessionOpener, AccessTokens, PolicyStore, Clock, IdGenerator, IdentityLimits),
        provide(BanGate, PolicyStore, Clock),
        provide(Administrators, AccountStore, PolicyStore, Clock, IdGenerator),
        provide(Register, AccountStore, PasswordHasher, AttemptThrottle, BanGate, SessionOpener, Clock, IdGenerator),
        provide(
          Login,
          AccountStore,
          SessionStore,
          PasswordHasher,
          AttemptThrottle,
          BanGate,
          SessionOpener,
          SessionEnforcer,
          IdentityLimits,
        ),
        provide(CreateGuest, AccountStore, AttemptThrottle, BanGate, SessionOpener, Clock, IdGenerator),
        provide(UpgradeGuest, AccountStore, SessionStore, PasswordHasher, SessionOpener, Clock, IdGenerator),
        provide(
          RefreshSession,
          AccountStore,
          SessionStore,
          BanGate,
          SessionOpener,
          SessionEnforcer,
          Clock,
          IdGenerator,
        ),
        provide(Logout, SessionStore, SessionEnforcer, Clock),
        provide(ListSessions, SessionStore, Clock),
        provide(RevokeSession, SessionStore, SessionEnforcer, Clock),
        provide(VerifyToken, AccessTokens, SessionStore, AccountStore, PolicyStore, Clock),
        provide(GetUsers, AccountStore, PolicyStore),
        provide(SearchUsers, AccountStore),
        provide(UpdateProfile, AccountStore, PolicyStore, Clock),
        provide(ChangePassword, AccountStore, PolicyStore, PasswordHasher, AttemptThrottle, SessionEnforcer, Clock),
        provide(DeleteAccount, AccountStore, PolicyStore, SessionEnforcer, Clock, IdGenerator),
        provide(GetPolicySet, PolicyStore, SessionStore, Clock, IdentityLimits),
        provide(EditPolicies, PolicyStore, Administrators, SessionEnforcer),
        provide(AssignRoles, AccountStore, PolicyStore, Administrators, SessionEnforcer),
        provide(Bans, AccountStore, PolicyStore, Administrators, SessionEnforcer, Clock),
        provide(EndSessions, AccountStore, SessionStore, PolicyStore, Administrators, SessionEnforcer, Clock),
        provide(AdministrationQueries, AccountStore, PolicyStore, Administrators),
        provide(BootstrapIdentity, AccountStore, PolicyStore, AccessTokens, PasswordHasher, Clock, IdGenerator),
        {
          provide: FirstAdministrator,
          inject: [BootstrapIdentity],
          useFactory: (bootstrap: BootstrapIdentity) => FirstAdministrator.make(bootstrap, settings, database.leases),
        },
        provide(IdentityHousekeeping, AccessTokens, SessionStore, Outbox, Clock),
      ],
      exports: [FirstAdministrator],
    };
  }
}

function hasherOf(settings: IdentitySettings): PasswordHasher {
  return new Argon2PasswordHasher({ concurrency: settings.PARLEY_PASSWORD_HASHES_AT_ONCE, waiting: 500 });
}

function throttleOf(
  settings: IdentitySettings,
  redis: RedisStore | undefined,
  log: (line: string) => void,
): AttemptThrottle {
  if (!settings.PARLEY_RATE_LIMITS) return new NoThrottle();
  const limits = {
    perTarget: settings.PARLEY_LOGIN_FAILURES_PER_NAME,
    perAddress: settings.PARLEY_LOGIN_FAILURES_PER_ADDRESS,
    creations: settings.PARLEY_REGISTRATIONS_PER_ADDRESS,
  };
  return redis === undefined ? new MemoryAttemptThrottle(limits) : new RedisAttemptThrottle(redis, limits, log);
}
