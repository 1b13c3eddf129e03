import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { checksumOf, migrationFiles, MIGRATIONS_TABLE, migrationsOf, readMigrations } from './migration-files.js';
import { SqlDatabase } from './sql-database.js';
import { sqlEngines } from './testing/index.js';

const SCHEMAS = ['identity', 'conversation', 'file', 'media-signal', 'presence'];

/** What installations have run. Theirs refuse to start when a file changes: add a new one instead, and its line here. */
const SHIPPED_TO_SQLITE: Record<string, string> = {
  'identity/0001-init.sql': 'f792c12066517394',
  'identity/0002-outbox.sqlite.sql': '8019790c7275a769',
  'conversation/0001-init.sql': 'fc240ff35b8fa89f',
  'conversation/0002-outbox.sqlite.sql': '8019790c7275a769',
  'file/0001-init.sql': '3efcf4e1dc79db36',
  'file/0002-outbox.sqlite.sql': '8019790c7275a769',
  'file/0003-parts.sql': '7383342bf36cd9a3',
  'media-signal/0001-init.sql': '52a4b02f5e784bff',
  'media-signal/0002-pending-facts.sqlite.sql': 'f84b58e393115367',
  'presence/0001-init.sql': '8c859b4c99beecb3',
};

it('leaves files alone that installations on SQLite have run', () => {
  const now = SCHEMAS.flatMap((schema) =>
    readMigrations(migrationsOf(schema), 'sqlite').map((file) => [
      `${schema}/${file.name}`,
      file.checksum.slice(0, 16),
    ]),
  );
  expect(Object.fromEntries(now)).toMatchObject(SHIPPED_TO_SQLITE);
});

it('goes on with a SQLite file that an older version made, and loses nothing of it', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'parley-older-'));
  const old = new Database(join(directory, 'file.db'));
  old.exec(MIGRATIONS_TABLE);
  for (const { name, checksum, statements } of readMigrations(migrationsOf('file'), 'sqlite').slice(0, 2)) {
    for (const statement of statements) old.exec(statement);
    old.prepare('INSERT INTO schema_migrations (name, checksum, applied_at) VALUES (?, ?, 1)').run(name, checksum);
  }
  old.exec("INSERT INTO attachments (file_id, conversation_id, head_seq) VALUES ('f', 'c', 7)");
  old.close();
  for (const start of ['first', 'second']) {
    const database = await SqlDatabase.openSqlite({ schema: 'file', directory });
    expect(await database.read.query('SELECT head_seq FROM attachments'), start).toEqual([{ head_seq: 7 }]);
    expect(await database.read.query('SELECT part_size FROM files'), start).toEqual([]);
    const applied = await database.read.query(
      'SELECT name, applied_at = 1 AS isOld FROM schema_migrations ORDER BY name',
    );
    expect(applied.slice(0, 3), start).toEqual([
      { name: '0001-init.sql', isOld: 1 },
      { name: '0002-outbox.sqlite.sql', isOld: 1 },
      { name: '0003-parts.sql', isOld: 0 },
    ]);
    await database.close();
  }
  rmSync(directory, { recursive: true });
});

interface Column {
  table: string;
  name: string;
  /** Without lengths and sizes: SQLite keeps none. */
  kind: string;
  isNullable: boolean;
}

const LISTS = {
  sqlite: `SELECT m.name AS t, c.name AS name, lower(c.type) AS kind, c."notnull" = 0 AND c.pk = 0 AS nullable
    FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE 'schema%'`,
  mysql: `SELECT table_name AS t, column_name AS name, data_type AS kind, is_nullable = 'YES' AS nullable
    FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name NOT LIKE 'schema%'`,
};
const INDEXES = {
  sqlite: `SELECT m.name AS t, i.origin AS origin, i."unique" AS isUnique, group_concat(c.name) AS cols FROM sqlite_master m
    JOIN pragma_index_list(m.name) i JOIN pragma_index_info(i.name) c
    WHERE m.type = 'table' AND m.name NOT LIKE 'schema%' GROUP BY m.name, i.name`,
  mysql: `SELECT table_name AS t, non_unique = 0 AS isUnique, GROUP_CONCAT(column_name ORDER BY seq_in_index) AS cols
    FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name NOT LIKE 'schema%'
    GROUP BY table_name, index_name, non_unique`,
};

/** One word per family: `MEDIUMTEXT` and `TEXT` differ on MySQL only. */
const family = (kind: string) =>
  /text/.test(kind)
    ? 'text'
    : /blob/.test(kind)
      ? 'blob'
      : /^(big|tiny)?int(eger)?/.test(kind)
        ? 'int'
        : kind.replace(/\(.*/, '');

async function shapeOf(open: (typeof sqlEngines)[number]['open'], schema: string) {
  const opened = await open(schema);
  const { read, dialect } = opened.database;
  const columns: { t: string; name: string; kind: string; nullable: number }[] = await read.query(LISTS[dialect]);
  const indexes: { t: string; isUnique: number; cols: string }[] = await read.query(INDEXES[dialect]);
  await opened.close();
  return {
    columns: columns
      .map(
        ({ t, name, kind, nullable }): Column => ({ table: t, name, kind: family(kind), isNullable: nullable === 1 }),
      )
      .sort((a, b) => (`${a.table}.${a.name}` < `${b.table}.${b.name}` ? -1 : 1)),
    // A number that counts itself up is the table's own key on SQLite, without an index.
    indexes: indexes
      .map(({ t, isUnique, cols }) => `${t} (${cols})${isUnique === 1 ? ' unique' : ''}`)
      .filter((index) => !index.endsWith(' (id) unique'))
      .sort(),
  };
}

describe.skipIf(sqlEngines.some(({ missing }) => missing))('schemas of both dialects', () => {
  for (const schema of SCHEMAS)
    it(`are the same for ${schema}: tables, columns, nullability and indexes`, async () => {
      const [sqlite, mysql] = await Promise.all(sqlEngines.map(({ open }) => shapeOf(open, schema)));
      expect(sqlite?.columns.length).toBeGreaterThan(1);
      expect(mysql).toEqual(sqlite);
    });
});

it('reads a dialect of its own after what both share', () => {
  expect(migrationFiles(migrationsOf('file'), 'mysql').slice(0, 2)).toEqual(['0001-init.sql', '0002-outbox.mysql.sql']);
  expect(checksumOf('')).toMatch(/^e3b0c442/);
});
