import type { BootstrapIdentity } from '@parley/core-identity';
import type { IdentitySettings } from './settings.js';

/** The outcome of the first start, for the banner. The password is in no store and no log: shown once or never. */
export class FirstAdministrator {
  private constructor(
    readonly username: string,
    /** Only on the very first start, and only where settings gave none. */
    readonly oneTimePassword?: string,
  ) {}

  /** Runs while the module is made: nobody is served before there are keys, rules and an administrator. */
  static async make(bootstrap: BootstrapIdentity, settings: IdentitySettings): Promise<FirstAdministrator> {
    const password = settings.PARLEY_ADMIN_PASSWORD;
    const made = await bootstrap.execute({
      username: settings.PARLEY_ADMIN_USERNAME,
      ...(password === undefined ? {} : { password }),
    });
    return new FirstAdministrator(made.username, made.oneTimePassword);
  }
}
