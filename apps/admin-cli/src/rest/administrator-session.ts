import { rest } from '@parley/contracts';
import type { Context } from '../command.js';
import { Failure } from '../failure.js';
import { askSecret } from '../terminal/ask-secret.js';
import type { RestClient } from './rest-client.js';

interface Opened {
  client: RestClient;
  password: string;
  mustChangePassword: boolean;
}

/** One login for one command, made when it is needed and ended with it, so that none is left behind on the server. */
export class AdministratorSession {
  private opened: Promise<Opened> | undefined;

  constructor(
    private readonly open: RestClient,
    private readonly setting: Context['setting'],
  ) {}

  async administrator(): Promise<RestClient> {
    const { client, mustChangePassword } = await this.login();
    if (mustChangePassword)
      throw new Failure('The first password has to be changed before anything else: npm run admin -- password change');
    return client;
  }

  login(): Promise<Opened> {
    this.opened ??= this.openSession();
    return this.opened;
  }

  /** Never fails: what the command did or could not do is what counts. */
  async close(): Promise<void> {
    const opened = await this.opened?.catch(() => undefined);
    await opened?.client.call(rest.auth.logout, { body: {} }).catch(() => undefined);
  }

  private async openSession(): Promise<Opened> {
    const username = this.setting('PARLEY_ADMIN_USERNAME') ?? 'admin';
    const password =
      this.setting('PARLEY_ADMIN_PASSWORD') ??
      (await askSecret(`Password of ${username} at ${this.open.baseUrl.host}: `));
    if (password === undefined) throw new Failure('No password: set PARLEY_ADMIN_PASSWORD, or run this on a terminal.');
    const device = { name: 'npm run admin', platform: 'shell' };
    const { accessToken, user } = await this.open.call(rest.auth.login, { body: { username, password, device } });
    return { client: this.open.as(accessToken), password, mustChangePassword: user.mustChangePassword === true };
  }
}
