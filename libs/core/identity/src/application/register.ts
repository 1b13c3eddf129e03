import type { Clock, IdGenerator } from '@parley/kernel';
import type { Account } from '../domain/account.js';
import { parseDisplayName, parseUsername } from '../domain/names.js';
import { parseNewPassword } from '../domain/password.js';
import type { DeviceInput } from '../domain/session.js';
import type { AccountStore } from '../ports/account-store.js';
import type { AttemptThrottle } from '../ports/attempt-throttle.js';
import type { PasswordHasher } from '../ports/password-hasher.js';
import type { BanGate } from './ban-gate.js';
import type { Opened, SessionOpener } from './session-opener.js';

export interface RegisterCommand {
  username: string;
  password: string;
  /** Empty: the username. */
  displayName: string;
  device: DeviceInput;
  address: string;
}

/** A new account with its first session. Whether a name is taken shows only after the work that a free one costs. */
export class Register {
  constructor(
    private readonly accounts: AccountStore,
    private readonly hasher: PasswordHasher,
    private readonly throttle: AttemptThrottle,
    private readonly bans: BanGate,
    private readonly opener: SessionOpener,
    private readonly clock: Clock,
    private readonly ids: IdGenerator,
  ) {}

  async execute(command: RegisterCommand): Promise<Opened> {
    const { username } = parseUsername(command.username);
    const password = parseNewPassword(command.password, username);
    const displayName = parseDisplayName(command.displayName || username);
    await this.bans.refuseAddress(command.address);
    await this.throttle.creation(command.address);
    const account: Account = {
      userId: this.ids.next(),
      kind: 'user',
      username,
      displayName,
      avatarFileId: '',
      passwordHash: await this.hasher.hash(password),
      mustChangePassword: false,
      createdAt: this.clock.now(),
    };
    const { opening, token } = this.opener.prepare(account.userId, command.device, command.address);
    await this.accounts.create(account, opening);
    return this.opener.opened(account, opening.session, token);
  }
}
