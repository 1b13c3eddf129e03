import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { type Dialect, migrationFiles, MIGRATIONS_TABLE, migrationsOf, readMigrations } from './migration-files.js';
import { SqlDatabase } from './sql-database.js';
import { sqlEngines } from './testing/index.js';

/** The last migration of the release before reactions, pins, search, pictures and people. */
const BEFORE = { message: '0002', identity: '0003', conversation: '0002', file: '0003' };
type Schema = keyof typeof BEFORE;

/** The migrations of that release, in a folder of their own. */
function olderMigrations(schema: Schema, dialect: Dialect): string {
  const folder = mkdtempSync(join(tmpdir(), 'parley-migrations-'));
  for (const name of migrationFiles(migrationsOf(schema), dialect))
    if (name.slice(0, 4) <= BEFORE[schema]) copyFileSync(join(migrationsOf(schema), name), join(folder, name));
  return folder;
}

interface Upgrade {
  /** Rows that the older release left, then what the newer one makes of them. */
  run(schema: Schema, left: readonly string[], look: (now: SqlDatabase) => Promise<void>): Promise<void>;
}

const onSqlite: Upgrade = {
  async run(schema, left, look) {
    const directory = mkdtempSync(join(tmpdir(), 'parley-older-'));
    const migrations = olderMigrations(schema, 'sqlite');
    const old = new Database(join(directory, `${schema}.db`));
    old.exec(MIGRATIONS_TABLE);
    for (const { name, checksum, statements } of readMigrations(migrations, 'sqlite')) {
      for (const statement of statements) old.exec(statement);
      old.prepare('INSERT INTO schema_migrations (name, checksum, applied_at) VALUES (?, ?, 1)').run(name, checksum);
    }
    for (const statement of left) old.exec(statement);
    old.close();
    const now = await SqlDatabase.openSqlite({ schema, directory });
    await look(now).finally(() => now.close());
    for (const folder of [directory, migrations]) rmSync(folder, { recursive: true });
  },
};

const onMysql: Upgrade = {
  async run(schema, left, look) {
    const migrations = olderMigrations(schema, 'mysql');
    const open = sqlEngines[1] as (typeof sqlEngines)[number];
    const databasePrefix = `parleytest_up${process.pid}_${Math.random().toString(36).slice(2, 8)}_`;
    const older = await open.open(schema, { migrations, databasePrefix });
    await older.database.transaction(async (tx) => {
      for (const statement of left) await tx.query(statement);
    });
    const newer = await open.open(schema, { databasePrefix });
    await look(newer.database).finally(async () => {
      await older.close();
      await newer.close();
    });
    rmSync(migrations, { recursive: true });
  },
};

const event = (mysql: boolean, seq: number, more: { type?: string; ref?: number }) => {
  const columns = `conversation_no, seq, type, at, actor_id, message_no, data, ref_seq, message_type, client_msg_id, device_id, mentions`;
  const of = `(1, ${seq}, '${more.type ?? 'message.created'}', ${seq}, 'u', 1, '{}', ${more.ref ?? 0}, '${more.type ? '' : 'text'}', 'c${seq}', 'd', ''`;
  return mysql
    ? `INSERT INTO events (${columns}, writer_slot, commit_no) VALUES ${of}, 1, ${seq})`
    : `INSERT INTO events (${columns}, edited_at, recalled_at, recalled_by, fingerprint) VALUES ${of}, 0, 0, '', 0)`;
};

describe.each([
  { name: 'SQLite', missing: false, upgrade: onSqlite, mysql: false },
  { name: 'MySQL', missing: sqlEngines[1]?.missing === true, upgrade: onMysql, mysql: true },
])('an installation of the release before, on $name', ({ missing, upgrade, mysql }) => {
  it.skipIf(missing)('has changedSeq of what was edited or recalled before', async () => {
    const left = [
      event(mysql, 1, {}),
      event(mysql, 2, {}),
      event(mysql, 3, { type: 'message.edited', ref: 1 }),
      event(mysql, 4, {}),
      event(mysql, 5, { type: 'message.recalled', ref: 1 }),
      // A reply changes nothing of what it answers.
      event(mysql, 6, {}).replace(", 0, 'text'", ", 4, 'text'"),
    ];
    await upgrade.run('message', left, async (now) => {
      const rows = await now.read.query('SELECT seq, changed_seq FROM events ORDER BY seq');
      expect(rows.map((row: Record<string, unknown>) => [row['seq'], row['changed_seq']])).toEqual([
        [1, 5],
        [2, 0],
        [3, 0],
        [4, 0],
        [5, 0],
        [6, 0],
      ]);
      expect(await now.read.query('SELECT * FROM pins')).toEqual([]);
    });
  });

  it.skipIf(missing)('keeps its rules, and is known to have had the first defaults', async () => {
    const left = [
      "INSERT INTO policy_rules (rule_id, ptype, v0, v1, v2, v3, position) VALUES ('r', 'p', 'guest', '/x', 'GET', 'allow', 1)",
      'UPDATE policy_state SET version = 7',
    ];
    await upgrade.run('identity', left, async (now) => {
      expect(await now.read.query('SELECT version, defaults_version FROM policy_state')).toEqual([
        { version: 7, defaults_version: 1 },
      ]);
      expect(await now.read.query('SELECT v1 FROM policy_rules')).toEqual([{ v1: '/x' }]);
    });
  });

  it.skipIf(missing)('has its files and conversations, with nothing said of what is new', async () => {
    await upgrade.run(
      'file',
      ["INSERT INTO attachments (file_id, conversation_id, head_seq) VALUES ('f', 'c', 7)"],
      async (now) => {
        expect(await now.read.query('SELECT head_seq FROM attachments')).toEqual([{ head_seq: 7 }]);
        expect(await now.read.query('SELECT blurhash FROM files')).toEqual([]);
        expect(await now.read.query('SELECT * FROM avatars')).toEqual([]);
      },
    );
    await upgrade.run('conversation', [], async (now) => {
      expect(await now.read.query('SELECT nickname_folded FROM members')).toEqual([]);
      expect(await now.read.query('SELECT send_policy FROM conversations')).toEqual([]);
    });
  });
});
