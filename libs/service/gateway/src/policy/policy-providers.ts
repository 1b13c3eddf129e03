import { RpcClients } from '@parley/contracts/rpc';
import {
  AccessTokenVerifier,
  Evictor,
  OpenPaths,
  PolicyEngine,
  PolicyEnforcer,
  PolicyFollower,
  PolicySource,
  RevokedSessions,
  SessionRegistry,
} from '@parley/core-gateway';
import { Clock } from '@parley/kernel';
import { bind, provide } from '@parley/platform';
import type { Provider } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { GATEWAY_SETTINGS, type GatewaySettings } from '../settings.js';
import { AccessGuard } from './access.guard.js';
import { CasbinPolicyEngine } from './casbin-policy-engine.js';
import { JoseAccessTokenVerifier } from './jose-access-token-verifier.js';
import { JwtStrategy } from './jwt.strategy.js';
import { PolicyReloader } from './policy-reloader.js';
import { RpcPolicySource } from './rpc-policy-source.js';
import { SigningKeyCache } from './signing-key-cache.js';

/** The longest life that identity's setting allows an access token, with a margin for clocks; entries from identity bring their own. */
const LONGEST_TOKEN_LIFE_MS = 3_660_000;

/** Who gets in and what they may do. The guard is global: a controller that forgets to say anything is closed, not open. */
export const policyProviders: Provider[] = [
  bind(PolicyEngine, CasbinPolicyEngine),
  bind(PolicySource, RpcPolicySource, RpcClients),
  provide(PolicyEnforcer, PolicyEngine, Clock),
  {
    provide: RevokedSessions,
    inject: [Clock],
    useFactory: (clock: Clock) => new RevokedSessions(clock, LONGEST_TOKEN_LIFE_MS),
  },
  {
    provide: Evictor,
    inject: [SessionRegistry, PolicyEnforcer, RevokedSessions],
    useFactory: (registry: SessionRegistry, enforcer: PolicyEnforcer, revoked: RevokedSessions) =>
      new Evictor(() => registry.all(), enforcer, revoked),
  },
  provide(PolicyFollower, PolicySource, PolicyEnforcer, RevokedSessions),
  provide(PolicyReloader, PolicyFollower, PolicyEnforcer, SessionRegistry, RpcClients),
  provide(SigningKeyCache, RpcClients, Clock),
  {
    provide: JoseAccessTokenVerifier,
    inject: [SigningKeyCache, PolicyEnforcer, RevokedSessions, Clock, GATEWAY_SETTINGS],
    useFactory: (
      keys: SigningKeyCache,
      enforcer: PolicyEnforcer,
      revoked: RevokedSessions,
      clock: Clock,
      settings: GatewaySettings,
    ) => new JoseAccessTokenVerifier(keys, enforcer, revoked, clock, settings.PARLEY_TOKEN_ISSUER),
  },
  { provide: AccessTokenVerifier, useExisting: JoseAccessTokenVerifier },
  {
    provide: OpenPaths,
    inject: [GATEWAY_SETTINGS],
    useFactory: (settings: GatewaySettings) => new OpenPaths(settings.PARLEY_OPEN_PATHS),
  },
  {
    provide: JwtStrategy,
    inject: [JoseAccessTokenVerifier, SigningKeyCache, GATEWAY_SETTINGS],
    useFactory: (verifier: JoseAccessTokenVerifier, keys: SigningKeyCache, settings: GatewaySettings) =>
      new JwtStrategy(verifier, keys, settings.PARLEY_TOKEN_ISSUER),
  },
  // After the strategy, which registers itself with passport when it is made.
  {
    provide: APP_GUARD,
    inject: [OpenPaths, PolicyEnforcer, JoseAccessTokenVerifier, JwtStrategy],
    useFactory: (paths: OpenPaths, enforcer: PolicyEnforcer, verifier: JoseAccessTokenVerifier) =>
      new AccessGuard(paths, enforcer, verifier),
  },
];
