import type { SqlDatabase } from '@parley/adapter-sql';
import { alternating, forEachEngine } from '@parley/adapter-sql/testing';
import { fileEventsV1 } from '@parley/contracts/rpc';
import { CountingIds, fileStoreContract } from '@parley/core-file/testing';
import { Outbox } from '@parley/platform';
import { CollectedLog } from '@parley/platform/testing';
import { expect, it } from 'vitest';
import { signingSecret } from './signing-secret.js';
import { SqlFileStore } from './sql-file-store.js';

function storeOn(database: SqlDatabase, log: CollectedLog) {
  const outbox = new Outbox(database, log);
  return { outbox, store: new SqlFileStore(database, outbox) };
}

type Stored = ReturnType<typeof storeOn>;

forEachEngine((name, open) => {
  fileStoreContract(name, async () => {
    const { databases, close } = await open('file');
    const log = new CollectedLog();
    const all = databases.map((database) => storeOn(database, log)) as [Stored, ...Stored[]];
    const [first, ...others] = all;
    return {
      store: alternating(first.store, ...others.map(({ store }) => store)),
      async facts() {
        for (const { outbox } of all) await outbox.flush();
        return log.records.map(({ topic, value }) =>
          topic === 'parley.file.ready.v1'
            ? `ready ${fileEventsV1.FileReady.decode(value).fileId}`
            : `removed ${fileEventsV1.FileRemoved.decode(value).fileId}`,
        );
      },
      async close() {
        for (const { outbox } of all) await outbox.stop();
        await close();
      },
    };
  });

  it('makes one signing secret, however many ask at once, and keeps it', async () => {
    const { databases, close } = await open('file');
    const db = (i: number) => databases[i % databases.length] as SqlDatabase;
    const ids = new CountingIds();
    const secrets = await Promise.all([1, 2, 3, 4].map((i) => signingSecret(db(i), ids)));
    expect(new Set(secrets).size).toBe(1);
    expect(await signingSecret(db(0), ids)).toBe(secrets[0]);
    expect(secrets[0]?.length).toBeGreaterThanOrEqual(22);
    await close();
  });
});
