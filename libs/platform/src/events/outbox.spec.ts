import type { SqlDatabase } from '@parley/adapter-sql';
import { forEachEngine, sqlEngines } from '@parley/adapter-sql/testing';
import type { LogRecord } from '@parley/contracts';
import { eventually } from '@parley/testing';
import { describe, expect, it } from 'vitest';
import { CollectedLog } from '../testing/collected-log.js';
import { Outbox } from './outbox.js';

const SCHEMA = 'identity';
const record = (key: string, value: string | number): LogRecord => ({
  topic: 't',
  key,
  value: Buffer.from(`${value}`),
});
const publishedBy = (log: CollectedLog) => log.records.map(({ key, value }) => `${key}${Buffer.from(value)}`);
const firstTimes = (log: CollectedLog) => [...new Set(publishedBy(log))];
const write = (database: SqlDatabase, outbox: Outbox, ...records: LogRecord[]) =>
  database.transaction((tx) => outbox.append(tx, records));

forEachEngine((_name, openSchema) => {
  describe('Outbox', () => {
    it('publishes before it answers, at whatever moment of another flush it is asked', async () => {
      const { databases, close } = await openSchema(SCHEMA);
      for (let steps = 0; steps < 20; steps += 1) {
        const log = new CollectedLog();
        const outbox = new Outbox(databases[0], log);
        await write(databases[0], outbox, record('a', 1));
        const first = outbox.flush();
        for (let step = 0; step < steps; step += 1) await new Promise((resolve) => setImmediate(resolve));
        await write(databases[0], outbox, record('b', 1));
        await outbox.flush();
        expect(publishedBy(log), `${steps} steps later`).toEqual(['a1', 'b1']);
        await first;
      }
      await close();
    });

    it('publishes each record once and the records of a key in order, whoever of two relays comes first', async () => {
      const { databases, close } = await openSchema(SCHEMA);
      const log = new CollectedLog();
      // Long enough for the other one to come in between.
      log.before = () => new Promise((resolve) => setTimeout(resolve, 2));
      const relays = [databases[0], databases.at(-1) as SqlDatabase].map((database) => ({
        database,
        outbox: new Outbox(database, log),
      }));
      const relay = (i: number) => relays[i % 2] as (typeof relays)[0];
      const source = async (key: string, offset: number) => {
        for (let i = 0; i < 12; i += 1) {
          const { database, outbox } = relay(i + offset);
          await write(database, outbox, record(key, i));
          await outbox.flush();
          expect(publishedBy(log)).toContain(`${key}${i}`);
        }
      };
      await Promise.all(['a', 'b', 'c', 'd'].map(source));
      for (const key of ['a', 'b', 'c', 'd'])
        expect(publishedBy(log).filter((each) => each.startsWith(key))).toEqual(
          Array.from({ length: 12 }, (_, i) => `${key}${i}`),
        );
      expect(await databases[0].read.query('SELECT * FROM outbox')).toEqual([]);
      await close();
    });

    it('keeps what the log did not take, and publishes it later, from the oldest on', async () => {
      const { databases, close } = await openSchema(SCHEMA);
      const log = new CollectedLog();
      const outbox = new Outbox(databases[0], log);
      log.before = () => Promise.reject(new Error('away'));
      await write(databases[0], outbox, record('a', 1));
      await expect(outbox.flush()).rejects.toThrow('away');
      log.before = async () => undefined;
      await write(databases[0], outbox, ...Array.from({ length: 1200 }, (_, i) => record('a', i + 2)));
      const other = new Outbox(databases.at(-1) as SqlDatabase, log);
      other.start(() => undefined);
      await eventually('the sweep', () => publishedBy(log).length === 1201);
      expect(publishedBy(log)).toEqual(Array.from({ length: 1201 }, (_, i) => `a${i + 1}`));
      await other.stop();
      await close();
    });
  });
});

const mysql = sqlEngines.find(({ name }) => name === 'MySQL');
describe.skipIf(mysql?.missing)('a relay of two that', () => {
  const open = async () => {
    const opened = await (mysql as NonNullable<typeof mysql>).open(SCHEMA);
    const log = new CollectedLog();
    const dying = await opened.another();
    return {
      log,
      dying: { database: dying, outbox: new Outbox(dying, log) },
      other: { database: opened.database, outbox: new Outbox(opened.database, log) },
      close: () => opened.close(),
    };
  };

  it('dies between publishing and deleting is followed within two seconds; its batch may come twice, nothing is lost', async () => {
    const { log, dying, other, close } = await open();
    await write(dying.database, dying.outbox, record('a', 1), record('a', 2));
    let diedAt = 0;
    const take = log.publishBatch.bind(log);
    log.publishBatch = async (records) => {
      await take(records);
      if (diedAt > 0) return;
      diedAt = performance.now();
      // From here on it can neither delete nor renew its lease, as after kill -9.
      await dying.database.close();
    };
    await expect(dying.outbox.flush()).rejects.toThrow();
    await write(other.database, other.outbox, record('a', 3));
    other.outbox.start(() => undefined);
    await eventually('the other relay', () => publishedBy(log).includes('a3'));
    expect(performance.now() - diedAt).toBeLessThan(2000);
    expect(publishedBy(log)).toEqual(['a1', 'a2', 'a1', 'a2', 'a3']);
    await other.outbox.flush();
    expect(await other.database.read.query('SELECT * FROM outbox')).toEqual([]);
    await other.outbox.stop();
    await close();
  });

  it('is stopped in the middle repeats what it had, never before what came first', async () => {
    const { log, dying: stopped, other, close } = await open();
    await write(stopped.database, stopped.outbox, record('a', 1));
    const woken = Promise.withResolvers<void>();
    let isFirst = true;
    const reached = Promise.withResolvers<void>();
    log.before = async () => {
      if (!isFirst) return;
      isFirst = false;
      reached.resolve();
      await woken.promise;
    };
    const flushed = stopped.outbox.flush();
    await reached.promise;
    // Its lease runs out while it stands still.
    await other.database.transaction((tx) => tx.query("UPDATE schema_leases SET holder = '', until_at = 0"));
    await write(other.database, other.outbox, record('a', 2));
    await other.outbox.flush();
    expect(publishedBy(log)).toEqual(['a1', 'a2']);
    woken.resolve();
    await flushed;
    expect(firstTimes(log)).toEqual(['a1', 'a2']);
    expect(publishedBy(log)).toEqual(['a1', 'a2', 'a1']);
    await close();
  });
});
