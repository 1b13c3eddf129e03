import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export type Dialect = 'sqlite' | 'mysql';

export interface MigrationFile {
  name: string;
  /** SHA-256 of its text. */
  checksum: string;
  statements: string[];
}

const SQL_ROOT = fileURLToPath(new URL('../../../../sql/', import.meta.url));

/** Where the migrations of a service lie. */
export const migrationsOf = (schema: string): string => `${SQL_ROOT}${schema}`;

/** `0002-x.sql` is for every dialect, `0002-x.sqlite.sql` and `0002-x.mysql.sql` for one. Statements end with `;` at a line's end. */
export function readMigrations(directory: string, dialect: Dialect): MigrationFile[] {
  return migrationFiles(directory, dialect).map((name) => {
    const text = readFileSync(`${directory}/${name}`, 'utf8');
    return { name, checksum: checksumOf(text), statements: statementsOf(text) };
  });
}

export const checksumOf = (text: string): string => createHash('sha256').update(text).digest('hex');

export function migrationFiles(directory: string, dialect: Dialect): string[] {
  const other = dialect === 'sqlite' ? '.mysql.sql' : '.sqlite.sql';
  return readdirSync(directory)
    .filter((file) => /^\d{4}-.+\.sql$/.test(file) && !file.endsWith(other))
    .sort();
}

export function statementsOf(text: string): string[] {
  return text
    .replace(/^\s*--.*$/gm, '')
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}

export const MIGRATIONS_TABLE =
  'CREATE TABLE IF NOT EXISTS schema_migrations (name VARCHAR(120) NOT NULL PRIMARY KEY, checksum CHAR(64) NOT NULL, applied_at BIGINT NOT NULL)';

/** Those that were not run yet, in order. @throws where one was changed after it ran: migrations only go forward. */
export function pendingMigrations(
  files: readonly MigrationFile[],
  applied: readonly { name: string; checksum: string }[],
  directory: string,
): MigrationFile[] {
  const known = new Map(applied.map((row) => [row.name, row.checksum]));
  return files.filter(({ name, checksum }) => {
    const before = known.get(name);
    if (before !== undefined && before !== checksum)
      throw new Error(`${directory}/${name} was changed after it had run; add a new file instead.`);
    return before === undefined;
  });
}
