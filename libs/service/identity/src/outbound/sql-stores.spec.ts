import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqlDatabase } from '@parley/adapter-sql';
import { EventLog, type LogRecord } from '@parley/contracts';
import { accountStoreContract, policyStoreContract, sessionStoreContract } from '@parley/core-identity/testing';
import { Outbox } from '@parley/platform';
import { afterEach } from 'vitest';
import { IdentityDatabase } from './identity-database.js';
import { SqlAccountStore } from './sql-account-store.js';
import { SqlKeyStore } from './sql-key-store.js';
import { SqlPolicyStore } from './sql-policy-store.js';
import { SqlSessionStore } from './sql-session-store.js';

class NoLog extends EventLog {
  readonly records: LogRecord[] = [];

  async publishBatch(records: readonly LogRecord[]): Promise<void> {
    this.records.push(...records);
  }

  async subscribe(): Promise<void> {
    // Nobody listens here.
  }

  async lag() {
    return [];
  }

  async close(): Promise<void> {
    // Nothing is open.
  }
}

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const open = async () => {
  const directory = await mkdtemp(join(tmpdir(), 'identity-'));
  const database = await SqlDatabase.openSqlite({ schema: 'identity', directory });
  const outbox = new Outbox(database, new NoLog());
  closing.push(async () => {
    await outbox.flush();
    await database.close();
    await rm(directory, { recursive: true });
  });
  const identity = new IdentityDatabase(database, outbox, (error) => {
    throw error;
  });
  return {
    accounts: new SqlAccountStore(identity),
    sessions: new SqlSessionStore(identity),
    policies: new SqlPolicyStore(identity),
    keys: new SqlKeyStore(identity),
  };
};

accountStoreContract(open);
sessionStoreContract(open);
policyStoreContract(open);
