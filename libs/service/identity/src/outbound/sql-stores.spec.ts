import { alternating, forEachEngine } from '@parley/adapter-sql/testing';
import type { SqlDatabase } from '@parley/adapter-sql';
import { accountStoreContract, policyStoreContract, sessionStoreContract } from '@parley/core-identity/testing';
import { Outbox } from '@parley/platform';
import { CollectedLog } from '@parley/platform/testing';
import { afterEach, expect, it } from 'vitest';
import { IdentityDatabase } from './identity-database.js';
import { SqlAccountStore } from './sql-account-store.js';
import { SqlKeyStore } from './sql-key-store.js';
import { SqlPolicyStore } from './sql-policy-store.js';
import { SqlSessionStore } from './sql-session-store.js';

function storesOn(database: SqlDatabase) {
  const outbox = new Outbox(database, new CollectedLog());
  const identity = new IdentityDatabase(database, outbox, (error) => {
    throw error;
  });
  return {
    outbox,
    accounts: new SqlAccountStore(identity),
    sessions: new SqlSessionStore(identity),
    policies: new SqlPolicyStore(identity),
    keys: new SqlKeyStore(identity),
  };
}

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

type Stored = ReturnType<typeof storesOn>;

forEachEngine((_name, openSchema) => {
  const open = async () => {
    const { databases, close } = await openSchema('identity');
    const [first, ...others] = databases.map(storesOn) as [Stored, ...Stored[]];
    closing.push(async () => {
      for (const { outbox } of [first, ...others]) await outbox.flush();
      await close();
    });
    return {
      accounts: alternating(first.accounts, ...others.map((stores) => stores.accounts)),
      sessions: alternating(first.sessions, ...others.map((stores) => stores.sessions)),
      policies: alternating(first.policies, ...others.map((stores) => stores.policies)),
      keys: alternating(first.keys, ...others.map((stores) => stores.keys)),
    };
  };
  accountStoreContract(open);
  sessionStoreContract(open);
  policyStoreContract(open);

  it('keeps the record of the largest change', async () => {
    const { policies } = await open();
    const rule = ['p', `role:${'r'.repeat(195)}`, '/'.repeat(200), 'x'.repeat(200), 'allow'];
    const details = { rules: Array.from({ length: 200 }, () => rule) };
    await policies.record({ auditId: 'a1', at: 1, actorId: 'u1', action: 'policy.added', subject: 'policy', details });
    expect((await policies.audit({ limit: 5 })).items[0]?.details).toEqual(details);
  });
});
