import type { Clock, IdGenerator } from '@parley/kernel';
import type { Account } from '../domain/account.js';
import { notAGuest, sessionRevoked } from '../domain/identity.errors.js';
import { parseDisplayName, parseUsername } from '../domain/names.js';
import { parseNewPassword } from '../domain/password.js';
import { makeRefreshToken, stored } from '../domain/refresh-token.js';
import { type DeviceInput, isLive } from '../domain/session.js';
import type { AccountStore } from '../ports/account-store.js';
import type { AttemptThrottle } from '../ports/attempt-throttle.js';
import type { PasswordHasher } from '../ports/password-hasher.js';
import type { SessionStore } from '../ports/session-store.js';
import type { BanGate } from './ban-gate.js';
import type { Opened, SessionOpener } from './session-opener.js';

const GUEST_NAME = 'Guest';

/** Somebody without username and password; the session is all they have. */
export class CreateGuest {
  constructor(
    private readonly accounts: AccountStore,
    private readonly throttle: AttemptThrottle,
    private readonly bans: BanGate,
    private readonly opener: SessionOpener,
    private readonly clock: Clock,
    private readonly ids: IdGenerator,
  ) {}

  async execute(command: { displayName: string; device: DeviceInput; address: string }): Promise<Opened> {
    const displayName = parseDisplayName(command.displayName || GUEST_NAME);
    await this.bans.refuseAddress(command.address);
    await this.throttle.creation(command.address);
    const account: Account = {
      userId: this.ids.next(),
      kind: 'guest',
      username: '',
      displayName,
      avatarFileId: '',
      mustChangePassword: false,
      createdAt: this.clock.now(),
    };
    const { opening, token } = this.opener.prepare(account.userId, command.device, command.address);
    await this.accounts.create(account, opening);
    return this.opener.opened(account, opening.session, token);
  }
}

/** The guest becomes a user in place: same id, same conversations, same session and sockets; new tokens say the new role. */
export class UpgradeGuest {
  constructor(
    private readonly accounts: AccountStore,
    private readonly sessions: SessionStore,
    private readonly hasher: PasswordHasher,
    private readonly opener: SessionOpener,
    private readonly clock: Clock,
    private readonly ids: IdGenerator,
  ) {}

  async execute(command: { actorId: string; sessionId: string; username: string; password: string }): Promise<Opened> {
    const { username } = parseUsername(command.username);
    const password = parseNewPassword(command.password, username);
    const account = await this.accounts.find(command.actorId);
    if (account?.kind !== 'guest' || account.deletedAt !== undefined) throw notAGuest();
    const session = await this.sessions.find(command.sessionId);
    if (session?.userId !== account.userId || !isLive(session, this.clock.now())) throw sessionRevoked();
    const passwordHash = await this.hasher.hash(password);
    const upgraded = await this.accounts.upgrade(account.userId, { username, passwordHash }, this.clock.now());
    // Beside the token that the client has: whichever it uses next supersedes the other.
    const token = makeRefreshToken(session, session.usedGeneration + 1, this.ids.secret());
    await this.sessions.addToken(stored(token));
    return this.opener.opened(upgraded, session, token);
  }
}
