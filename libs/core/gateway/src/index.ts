export { type Evictable, Evictor } from './application/evictor.js';
export { PolicyEnforcer } from './application/policy-enforcer.js';
export { PolicyFollower } from './application/policy-follower.js';
export { MembershipMarks } from './domain/membership-marks.js';
export { DEFAULT_OPEN_PATHS, OpenPaths } from './domain/open-paths.js';
export {
  BASE_ROLES,
  type BanEntry,
  type Decision,
  EMIT,
  type PolicyRule,
  type PolicySet,
  socketObject,
  type Subject,
} from './domain/policy.js';
export { rolesIn, type RoleView } from './domain/roles.js';
export { RevokedSessions } from './domain/revoked-sessions.js';
export {
  type Audience,
  type ClosingAction,
  type LiveSocket,
  type Missed,
  SessionRegistry,
} from './domain/session-registry.js';
export { AccessTokenVerifier, type VerifiedToken } from './ports/access-token-verifier.js';
export { type CompiledPolicy, PolicyEngine } from './ports/policy-engine.js';
export { PolicySource, type PolicyUpdate } from './ports/policy-source.js';
export { type ConsumerLag, type RunningInstance, SystemView } from './ports/system-view.js';
