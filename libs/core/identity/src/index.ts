export { AccessTokens } from './application/access-tokens.js';
export { Administrators } from './application/administrators.js';
export { Bans, EndSessions } from './application/ban-administration.js';
export { BanGate } from './application/ban-gate.js';
export { BootstrapIdentity, type FirstAdministratorInput } from './application/bootstrap-identity.js';
export { ChangePassword } from './application/change-password.js';
export { DeleteAccount } from './application/delete-account.js';
export { ListSessions, Logout, RevokeSession } from './application/end-sessions.js';
export { CreateGuest, UpgradeGuest } from './application/guests.js';
export { CLOCK_SKEW_MS, IdentityLimits, KEY_CHECK_MS } from './application/limits.js';
export { Login, type LoginCommand } from './application/login.js';
export { AssignRoles, EditPolicies, type RuleInput } from './application/policy-administration.js';
export { AdministrationQueries, GetPolicySet, type PolicySet } from './application/policy-queries.js';
export { type RefreshCommand, RefreshSession } from './application/refresh-session.js';
export { Register, type RegisterCommand } from './application/register.js';
export { type Opened, SessionOpener } from './application/session-opener.js';
export { GetUsers, SearchUsers, UpdateProfile, type UserView } from './application/users.js';
export { VerifyToken } from './application/verify-token.js';
export { type Account, type AccountKind, tombstone } from './domain/account.js';
export type { AuditEntry } from './domain/audit.js';
export { type Ban, inForce, normalizeAddress } from './domain/ban.js';
export { DEFAULT_POLICIES, DEFAULTS_VERSION } from './domain/default-policies.js';
export * as identityErrors from './domain/identity.errors.js';
export { foldUsername, searchWords } from './domain/names.js';
export { isAcceptablePassword } from './domain/password.js';
export { ADMIN, isRole, isUser, keyOf, type PolicyRule, valuesOf } from './domain/policy-rule.js';
export {
  hashOf,
  judgeRefresh,
  MAX_SIBLINGS,
  type RefreshToken,
  type RefreshVerdict,
  type StoredRefreshToken,
} from './domain/refresh-token.js';
export { type DeviceInput, isLive, type Session } from './domain/session.js';
export type { SigningKey } from './domain/signing-keys.js';
export { AccountStore, type Opening } from './ports/account-store.js';
export { type Attempt, AttemptThrottle } from './ports/attempt-throttle.js';
export { KeyStore } from './ports/key-store.js';
export { PasswordHasher } from './ports/password-hasher.js';
export { type DefaultsPlan, type PolicyEdit, PolicyStore } from './ports/policy-store.js';
export { type Closing, SessionEnforcer } from './ports/session-enforcer.js';
export { type Revocation, type Rotation, SessionStore } from './ports/session-store.js';
export { type AccessClaims, TokenCrypto } from './ports/token-crypto.js';
