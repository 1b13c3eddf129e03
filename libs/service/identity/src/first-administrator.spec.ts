import type { SqlDatabase } from '@parley/adapter-sql';
import { forEachEngine } from '@parley/adapter-sql/testing';
import { AccessTokens, BootstrapIdentity } from '@parley/core-identity';
import { Outbox, SystemClock, UuidGenerator } from '@parley/platform';
import { CollectedLog } from '@parley/platform/testing';
import { expect, it } from 'vitest';
import { FirstAdministrator } from './first-administrator.js';
import { Argon2PasswordHasher } from './outbound/argon2-password-hasher.js';
import { IdentityDatabase } from './outbound/identity-database.js';
import { JoseTokenCrypto } from './outbound/jose-token-crypto.js';
import { SqlAccountStore } from './outbound/sql-account-store.js';
import { SqlKeyStore } from './outbound/sql-key-store.js';
import { SqlPolicyStore } from './outbound/sql-policy-store.js';

const HOUR_MS = 3_600_000;
const hasher = new Argon2PasswordHasher({ concurrency: 2, waiting: 10 });

function replicaOn(database: SqlDatabase) {
  const identity = new IdentityDatabase(database, new Outbox(database, new CollectedLog()), () => undefined);
  const accounts = new SqlAccountStore(identity);
  const policies = new SqlPolicyStore(identity);
  const clock = new SystemClock();
  const limits = { accessTokenMs: HOUR_MS, sessionMs: HOUR_MS, sessionsPerUser: 10, rotateKeysAfterMs: 24 * HOUR_MS };
  const tokens = new AccessTokens(new SqlKeyStore(identity), new JoseTokenCrypto('test'), clock, limits);
  const bootstrap = new BootstrapIdentity(accounts, policies, tokens, hasher, clock, new UuidGenerator());
  const start = () => FirstAdministrator.make(bootstrap, { PARLEY_ADMIN_USERNAME: 'admin' }, database.leases);
  return { start, accounts, policies };
}

forEachEngine((_name, open) => {
  it('shows one password, the one that is in force, however many replicas start at once', async () => {
    const { databases, close } = await open('identity');
    const replicas = [databases[0], databases.at(-1) as SqlDatabase, databases[0]].map(replicaOn);
    const made = await Promise.all(replicas.map(({ start }) => start()));
    const shown = made.flatMap(({ oneTimePassword }) => (oneTimePassword === undefined ? [] : [oneTimePassword]));
    expect(shown).toHaveLength(1);
    const { accounts, policies } = replicas[0] as (typeof replicas)[0];
    const account = await accounts.findByUsername('admin');
    expect(await hasher.matches(account?.passwordHash, shown[0] as string)).toBe(true);
    expect(await policies.version()).toBe(1);
    await close();
    // A schema is made and passwords are hashed: slow on purpose, and slower beside other work.
  }, 20_000);
});
