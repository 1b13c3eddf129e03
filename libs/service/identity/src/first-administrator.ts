import type { Leases } from '@parley/adapter-sql';
import type { BootstrapIdentity } from '@parley/core-identity';
import type { IdentitySettings } from './settings.js';

/** The outcome of the first start, for the banner. The password is in no store and no log: shown once or never. */
export class FirstAdministrator {
  private constructor(
    readonly username: string,
    /** Only on the very first start, and only where settings gave none. */
    readonly oneTimePassword?: string,
  ) {}

  /**
   * Runs while the module is made: nobody is served before there are keys, rules and an administrator. Of several replicas that
   * start at once on an empty database one does it, or the password that the first one showed would not be in force any more.
   */
  static async make(
    bootstrap: BootstrapIdentity,
    settings: Pick<IdentitySettings, 'PARLEY_ADMIN_USERNAME' | 'PARLEY_ADMIN_PASSWORD'>,
    leases: Leases,
  ): Promise<FirstAdministrator> {
    const password = settings.PARLEY_ADMIN_PASSWORD;
    const input = { username: settings.PARLEY_ADMIN_USERNAME, ...(password === undefined ? {} : { password }) };
    const made = await leases.alone('identity.bootstrap', () => bootstrap.execute(input), { ttlMs: 5000 });
    return new FirstAdministrator(made.username, made.oneTimePassword);
  }
}
