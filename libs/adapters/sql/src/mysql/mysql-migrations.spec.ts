import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engine } from '@parley/testing';
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectionOptions, mysqlAddress } from './mysql-address.js';
import { migrateMysql } from './mysql-migrations.js';

describe.skipIf(engine('mysql') === undefined)('migrations on MySQL', () => {
  const database = `parleytest_migrations_${process.pid}`;
  let directory: string;
  let connection: Connection;
  const connect = async () => {
    const made = await createConnection(connectionOptions(mysqlAddress((engine('mysql') as { url: string }).url)));
    await made.query(`CREATE DATABASE IF NOT EXISTS ${database}`);
    await made.query(`USE ${database}`);
    return made;
  };
  const file = (name: string, text: string) => writeFileSync(join(directory, name), text);
  const migrate = (on = connection) => migrateMysql(on, directory, database);
  const rows = async (statement: string) => (await connection.query<RowDataPacket[]>(statement))[0];
  const applied = async () =>
    (await rows('SELECT name FROM schema_migrations ORDER BY name')).map((row) => row['name']);

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'parley-migrations-'));
    connection = await connect();
  });
  afterEach(async () => {
    await connection.query(`DROP DATABASE ${database}`);
    connection.destroy();
    rmSync(directory, { recursive: true });
  });

  it('run once, however many processes start at the same time', async () => {
    file('0001-init.sql', 'CREATE TABLE a (id INTEGER PRIMARY KEY);\nINSERT INTO a (id) VALUES (1);\n');
    file('0002-more.mysql.sql', 'CREATE TABLE b (id INTEGER PRIMARY KEY);\n');
    file('0002-more.sqlite.sql', 'not for here;\n');
    const processes = await Promise.all([connect(), connect(), connect()]);
    await Promise.all(processes.map((each) => migrate(each)));
    for (const each of processes) each.destroy();
    await migrate();
    expect(await applied()).toEqual(['0001-init.sql', '0002-more.mysql.sql']);
    expect(await rows('SELECT id FROM a')).toEqual([{ id: 1 }]);
  });

  it('wait for the process that migrates, and say so', async () => {
    const other = await connect();
    const [lock] = await other.query<RowDataPacket[]>(
      `SELECT GET_LOCK(CONCAT('parley.', SHA1('${database}')), 1) AS taken`,
    );
    expect(lock[0]?.['taken']).toBe(1);
    const told: string[] = [];
    const waiting = migrateMysql(connection, directory, database, (line) => {
      told.push(line);
      // The process that had it dies.
      other.destroy();
    });
    await waiting;
    expect(told[0]).toBe(`waiting for another process that migrates the database ${database}`);
  }, 20_000);

  it('say which statement failed and what is in force, and go on there when its cause is mended', async () => {
    file('0001-init.sql', 'CREATE TABLE a (id INTEGER PRIMARY KEY);\n');
    await migrate();
    const first = 'CREATE TABLE b (id INTEGER PRIMARY KEY);\nINSERT INTO b (id) VALUES (1);\n';
    file('0002-more.sql', `${first}ALTER TABLE nowhere ADD COLUMN x INTEGER;\n`);
    const failure = /0002-more\.sql: statement 3 of 3 failed: .*nowhere.*Statements 1 to 2 of it are in force/;
    await expect(migrate()).rejects.toThrow(failure);
    await expect(migrate()).rejects.toThrow(failure);
    // What the version before uses is as it was.
    expect(await applied()).toEqual(['0001-init.sql']);
    expect(await rows('SELECT id FROM a')).toEqual([]);
    file('0002-more.sql', `${first}ALTER TABLE b ADD COLUMN x INTEGER;\n`);
    await migrate();
    expect(await applied()).toEqual(['0001-init.sql', '0002-more.sql']);
    expect(await rows('SELECT id, x FROM b')).toEqual([{ id: 1, x: null }]);
    expect(await rows('SELECT * FROM schema_migration_steps')).toEqual([]);
  });

  it('refuse a change of what ran, of a whole file or of the part that ran', async () => {
    file('0001-init.sql', 'CREATE TABLE a (id INTEGER PRIMARY KEY);\n');
    await migrate();
    file('0001-init.sql', 'CREATE TABLE a (id BIGINT PRIMARY KEY);\n');
    await expect(migrate()).rejects.toThrow('was changed after it had run');
    file('0001-init.sql', 'CREATE TABLE a (id INTEGER PRIMARY KEY);\n');
    file('0002-more.sql', 'CREATE TABLE b (id INTEGER PRIMARY KEY);\nnonsense;\n');
    await expect(migrate()).rejects.toThrow('statement 2 of 2 failed');
    file('0002-more.sql', 'CREATE TABLE c (id INTEGER PRIMARY KEY);\n');
    await expect(migrate()).rejects.toThrow('statement 1 was changed after it had run');
  });

  it('know their own work after a process died between a statement and its record', async () => {
    file('0001-init.sql', 'CREATE TABLE a (id INTEGER PRIMARY KEY);\nCREATE INDEX ix_a ON a (id);\n');
    const dying = await connect();
    const run = dying.query.bind(dying) as (...args: unknown[]) => Promise<unknown>;
    dying.query = (async (...args: unknown[]) => {
      const answer = await run(...args);
      if (String(args[0]).startsWith('CREATE TABLE a')) {
        dying.destroy();
        throw Object.assign(new Error('died'), { fatal: true });
      }
      return answer;
    }) as Connection['query'];
    await expect(migrate(dying)).rejects.toThrow('died');
    expect(await applied()).toEqual([]);
    await migrate();
    expect(await applied()).toEqual(['0001-init.sql']);
    expect((await rows('SHOW INDEX FROM a')).map((row) => row['Key_name'])).toEqual(['PRIMARY', 'ix_a']);
  });

  it('take nobody else’s table for theirs', async () => {
    await connection.query('CREATE TABLE a (something TEXT)');
    file('0001-init.sql', 'CREATE TABLE a (id INTEGER PRIMARY KEY);\n');
    await expect(migrate()).rejects.toThrow('already exists');
    await expect(migrate()).rejects.toThrow('already exists');
    expect(await applied()).toEqual([]);
  });
});
