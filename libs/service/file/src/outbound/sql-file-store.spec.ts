import { SqlDatabase } from '@parley/adapter-sql';
import { EventLog, type LogRecord } from '@parley/contracts';
import { fileEventsV1 } from '@parley/contracts/rpc';
import { CountingIds, fileStoreContract } from '@parley/core-file/testing';
import { Outbox } from '@parley/platform';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { signingSecret } from './signing-secret.js';
import { SqlFileStore } from './sql-file-store.js';

class KeptLog extends EventLog {
  readonly records: LogRecord[] = [];

  async publishBatch(records: readonly LogRecord[]): Promise<void> {
    this.records.push(...records);
  }

  async subscribe(): Promise<void> {}
  async lag() {
    return [];
  }
  async close(): Promise<void> {}
}

async function database() {
  const directory = await mkdtemp(join(tmpdir(), 'parley-file-'));
  const opened = await SqlDatabase.openSqlite({ schema: 'file', directory });
  const close = async () => {
    await opened.close();
    await rm(directory, { recursive: true });
  };
  return { database: opened, close };
}

fileStoreContract('SQLite', async () => {
  const opened = await database();
  const log = new KeptLog();
  const outbox = new Outbox(opened.database, log);
  return {
    store: new SqlFileStore(opened.database, outbox),
    async facts() {
      await outbox.flush();
      return log.records.map(({ topic, value }) =>
        topic === 'parley.file.ready.v1'
          ? `ready ${fileEventsV1.FileReady.decode(value).fileId}`
          : `removed ${fileEventsV1.FileRemoved.decode(value).fileId}`,
      );
    },
    async close() {
      await outbox.stop();
      await opened.close();
    },
  };
});

it('makes one signing secret, however many ask at once, and keeps it', async () => {
  const { database: db, close } = await database();
  const ids = new CountingIds();
  const secrets = await Promise.all([1, 2, 3, 4].map(() => signingSecret(db, ids)));
  expect(new Set(secrets).size).toBe(1);
  expect(await signingSecret(db, ids)).toBe(secrets[0]);
  expect(secrets[0]?.length).toBeGreaterThanOrEqual(22);
  await close();
});
