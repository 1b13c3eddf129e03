import { DomainError } from '@parley/kernel';
import { eventually } from '@parley/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SqlDatabase } from '../sql-database.js';
import { hasMariadbServer, MariadbProcess } from '../testing/mariadb-process.js';
import type { MysqlOptions } from './mysql-engine.js';

/** Of the promise in security.md: the pool is well again within this time of the server's return. */
const HEALED_MS = 10_000;

describe.skipIf(!hasMariadbServer())('a MySQL server that goes away', () => {
  let server: MariadbProcess;
  const opened: SqlDatabase[] = [];
  const open = async (more: Partial<MysqlOptions> = {}) => {
    const database = await SqlDatabase.openMysql({ url: server.url, schema: 'presence', statementMs: 1500, ...more });
    opened.push(database);
    return database;
  };
  const put = (database: SqlDatabase, userId: string) =>
    database.transaction((tx) => tx.query('INSERT INTO last_seen (user_id, seen_at) VALUES (?, 1)', [userId]));
  const count = async (database: SqlDatabase): Promise<number> =>
    (await database.read.query('SELECT COUNT(*) AS n FROM last_seen'))[0].n;
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'ok',
      (error: unknown) => (DomainError.is(error) ? error.code : String(error)),
    );

  beforeAll(async () => {
    server = await MariadbProcess.prepare();
  }, 60_000);
  afterEach(async () => {
    for (const database of opened.splice(0)) await database.close();
  });
  afterAll(() => server.end());

  it('is waited for at the start, with words, until it comes or the waiting is ended', async () => {
    const told: string[] = [];
    const onWaiting = (line: string) => void told.push(line);
    const stop = new AbortController();
    const stopped = open({ onWaiting, signal: stop.signal });
    await eventually('a word', () => told.length > 0);
    stop.abort(new Error('enough'));
    await expect(stopped).rejects.toThrow();
    expect(told[0]).toMatch(new RegExp(`^waiting for MySQL at 127.0.0.1:${server.port}: ECONNREFUSED`));

    const [first, second] = [open({ onWaiting }), open({ onWaiting })];
    await server.begin();
    await put(await first, 'start');
    expect(await count(await second)).toBe(1);
  }, 60_000);

  it('is not waited for when it refuses the user', async () => {
    await expect(open({ url: server.url.replace('root:', 'nobody:wrong') })).rejects.toThrow(
      /refuses the user nobody: check user and password in PARLEY_MYSQL_URL/,
    );
  });

  it('costs no write that was acknowledged when it is killed, and is found again', async () => {
    const database = await open();
    const before = await count(database);
    const outcomes = new Map<string, number>();
    let acked = 0;
    let stopped = false;
    const writer = async (name: number) => {
      for (let i = 0; !stopped; i += 1) {
        const code = await codeOf(put(database, `killed-${name}-${i}`));
        outcomes.set(code, (outcomes.get(code) ?? 0) + 1);
        if (code === 'ok') acked += 1;
        else await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    const writers = Array.from({ length: 16 }, (_, name) => writer(name));
    await eventually('some writes', () => acked > 50);
    await server.kill();
    await eventually('refusals', () => (outcomes.get('server.unavailable') ?? 0) > 0);
    await server.begin();
    const back = performance.now();
    const ackedBefore = acked;
    await eventually('writes again', () => acked > ackedBefore + 50, { deadlineMs: HEALED_MS });
    const healedMs = performance.now() - back;
    stopped = true;
    await Promise.all(writers);
    expect([...outcomes.keys()].filter((code) => code !== 'ok' && code !== 'server.unavailable')).toEqual([]);
    expect(await count(database)).toBeGreaterThanOrEqual(before + acked);
    expect(healedMs).toBeLessThan(HEALED_MS);
  }, 60_000);

  it('holds nobody up for longer than a statement may take when it says nothing, and is found again', async () => {
    const database = await open({ pool: 4 });
    await Promise.all(Array.from({ length: 4 }, () => count(database)));
    server.freeze();
    const start = performance.now();
    const codes = await Promise.all(Array.from({ length: 12 }, (_, i) => codeOf(put(database, `frozen-${i}`))));
    const tookMs = performance.now() - start;
    expect(codes.every((code) => code === 'server.unavailable' || code === 'server.busy')).toBe(true);
    expect(tookMs).toBeLessThan(8000);
    server.thaw();
    await eventually('writes again', async () => (await codeOf(put(database, 'thawed'))) === 'ok', {
      deadlineMs: HEALED_MS,
    });
  }, 60_000);

  it('ends a statement that takes too long, and keeps the connection', async () => {
    const database = await open({ pool: 2 });
    const connections = async () => (await database.read.query('SELECT CONNECTION_ID() AS id'))[0].id;
    const id = await connections();
    const start = performance.now();
    expect(await codeOf(database.read.query('SELECT SLEEP(30)'))).toBe('server.unavailable');
    expect(performance.now() - start).toBeLessThan(2500);
    expect(await connections()).toBe(id);
  });

  it('tells those who come when the pool is empty that it is busy, at once or after a while', async () => {
    const database = await open({ pool: 2 });
    const end = Promise.withResolvers<void>();
    const holders = [1, 2].map(() => database.transaction(() => end.promise));
    await eventually('both in use', async () => (await codeOf(count(database))) === 'server.busy');
    // Of these, a hundred may wait; one who comes after them is told at once.
    const waiting = Array.from({ length: 120 }, () => codeOf(count(database)));
    const start = performance.now();
    expect(await codeOf(count(database))).toBe('server.busy');
    expect(performance.now() - start).toBeLessThan(500);
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['server.busy']));
    end.resolve();
    await Promise.all(holders);
    expect(await codeOf(count(database))).toBe('ok');
  }, 20_000);

  it('says that it is busy when a transaction loses again and again', async () => {
    const database = await open();
    await put(database, 'wanted');
    const end = Promise.withResolvers<void>();
    const touch = "UPDATE last_seen SET seen_at = seen_at + 1 WHERE user_id = 'wanted'";
    const holding = Promise.withResolvers<void>();
    const holder = database.transaction(async (tx) => {
      await tx.query(touch);
      holding.resolve();
      await end.promise;
    });
    await holding.promise;
    expect(await codeOf(database.transaction((tx) => tx.query(touch)))).toBe('server.busy');
    expect(database.conflicts).toBeGreaterThan(0);
    end.resolve();
    await holder;
    expect(await codeOf(database.transaction((tx) => tx.query(touch)))).toBe('ok');
  }, 30_000);
});
