import { AccessTokens } from '../application/access-tokens.js';
import { Administrators } from '../application/administrators.js';
import { Bans, EndSessions } from '../application/ban-administration.js';
import { BanGate } from '../application/ban-gate.js';
import { BootstrapIdentity } from '../application/bootstrap-identity.js';
import { ChangePassword } from '../application/change-password.js';
import { DeleteAccount } from '../application/delete-account.js';
import { ListSessions, Logout, RevokeSession } from '../application/end-sessions.js';
import { CreateGuest, UpgradeGuest } from '../application/guests.js';
import type { IdentityLimits } from '../application/limits.js';
import { Login } from '../application/login.js';
import { AssignRoles, EditPolicies } from '../application/policy-administration.js';
import { AdministrationQueries, GetPolicySet } from '../application/policy-queries.js';
import { RefreshSession } from '../application/refresh-session.js';
import { Register } from '../application/register.js';
import { SessionOpener } from '../application/session-opener.js';
import { GetUsers, SearchUsers, UpdateProfile } from '../application/users.js';
import { VerifyToken } from '../application/verify-token.js';
import { DAY_MS, NO_DEVICE } from './builders.js';
import {
  CountingIds,
  CountingThrottle,
  FakeClock,
  PlainTokenCrypto,
  RecordingEnforcer,
  TransparentHasher,
} from './fakes.js';
import { inMemoryStores } from './stores.js';

export const PASSWORD = 'correct horse battery';
export const ADDRESS = '192.0.2.1';

/** Every use case of the context on fakes, and short ways to what tests need first. */
export function openDesk(limitsPart: Partial<IdentityLimits> = {}) {
  const { accounts, sessions, policies, keys } = inMemoryStores();
  const clock = new FakeClock();
  const ids = new CountingIds();
  const hasher = new TransparentHasher();
  const throttle = new CountingThrottle();
  const enforcer = new RecordingEnforcer();
  const limits = {
    accessTokenMs: 600_000,
    sessionMs: 90 * DAY_MS,
    sessionsPerUser: 3,
    rotateKeysAfterMs: 30 * DAY_MS,
    ...limitsPart,
  };
  const tokens = new AccessTokens(keys, new PlainTokenCrypto(), clock, limits);
  const opener = new SessionOpener(tokens, policies, clock, ids, limits);
  const gate = new BanGate(policies, clock);
  const administrators = new Administrators(accounts, policies, clock, ids);
  const register = new Register(accounts, hasher, throttle, gate, opener, clock, ids);
  const login = new Login(accounts, sessions, hasher, throttle, gate, opener, enforcer, limits);
  const changePassword = new ChangePassword(accounts, policies, hasher, throttle, enforcer, clock);
  const bootstrap = new BootstrapIdentity(accounts, policies, tokens, hasher, clock, ids);
  return {
    accounts,
    sessions,
    policies,
    keys,
    clock,
    ids,
    hasher,
    throttle,
    enforcer,
    limits,
    tokens,
    register,
    login,
    changePassword,
    bootstrap,
    createGuest: new CreateGuest(accounts, throttle, gate, opener, clock, ids),
    upgradeGuest: new UpgradeGuest(accounts, sessions, hasher, opener, clock, ids),
    refresh: new RefreshSession(accounts, sessions, gate, opener, enforcer, clock, ids),
    logout: new Logout(sessions, enforcer, clock),
    listSessions: new ListSessions(sessions, clock),
    revokeSession: new RevokeSession(sessions, enforcer, clock),
    verify: new VerifyToken(tokens, sessions, accounts, policies, clock),
    getUsers: new GetUsers(accounts, policies),
    searchUsers: new SearchUsers(accounts),
    updateProfile: new UpdateProfile(accounts, policies, clock),
    deleteAccount: new DeleteAccount(accounts, policies, enforcer, clock, ids),
    policySet: new GetPolicySet(policies, sessions, clock, limits),
    editPolicies: new EditPolicies(policies, administrators, enforcer),
    assignRoles: new AssignRoles(accounts, policies, administrators, enforcer),
    bans: new Bans(accounts, policies, administrators, enforcer, clock),
    endSessions: new EndSessions(accounts, sessions, policies, administrators, enforcer, clock),
    queries: new AdministrationQueries(accounts, policies, administrators),
    person: (username: string) =>
      register.execute({ username, password: PASSWORD, displayName: '', device: NO_DEVICE, address: ADDRESS }),
    logIn: (username: string, password = PASSWORD, deviceId = '') =>
      login.execute({ username, password, device: { ...NO_DEVICE, deviceId }, address: ADDRESS }),
    /** The first administrator, with the forced password change done. */
    async administrator(): Promise<string> {
      await bootstrap.execute({ username: 'admin', password: 'the very first one' });
      const opened = await login.execute({
        username: 'admin',
        password: 'the very first one',
        device: NO_DEVICE,
        address: ADDRESS,
      });
      const { userId: actorId, sessionId } = opened.session;
      await changePassword.execute({ actorId, sessionId, current: 'the very first one', next: PASSWORD });
      return actorId;
    },
  };
}
