import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DataSource } from 'typeorm';

const SQL_ROOT = fileURLToPath(new URL('../../../../sql/', import.meta.url));

/**
 * Runs the numbered files of sql/<schema>/ that were not run yet, each in a transaction of its own, in order.
 * `0002-x.sql` runs on every dialect, `0002-x.sqlite.sql` and `0002-x.mysql.sql` on one. Statements end with `;` at a line's end.
 * A file that was changed after it ran is refused: migrations only go forward.
 */
export async function migrate(
  dataSource: DataSource,
  schema: string,
  directory = `${SQL_ROOT}${schema}`,
): Promise<void> {
  const dialect = dataSource.options.type === 'better-sqlite3' ? 'sqlite' : 'mysql';
  await dataSource.query(
    'CREATE TABLE IF NOT EXISTS schema_migrations (name VARCHAR(120) NOT NULL PRIMARY KEY, checksum CHAR(64) NOT NULL, applied_at BIGINT NOT NULL)',
  );
  const rows: { name: string; checksum: string }[] = await dataSource.query(
    'SELECT name, checksum FROM schema_migrations',
  );
  const applied = new Map(rows.map((row) => [row.name, row.checksum]));
  for (const file of migrationFiles(directory, dialect)) {
    const text = readFileSync(`${directory}/${file}`, 'utf8');
    const checksum = createHash('sha256').update(text).digest('hex');
    const known = applied.get(file);
    if (known === checksum) continue;
    if (known !== undefined)
      throw new Error(`sql/${schema}/${file} was changed after it had run; add a new file instead.`);
    await dataSource.transaction(async (tx) => {
      for (const statement of statementsOf(text)) await tx.query(statement);
      await tx.query('INSERT INTO schema_migrations (name, checksum, applied_at) VALUES (?, ?, ?)', [
        file,
        checksum,
        Date.now(),
      ]);
    });
  }
}

export function migrationFiles(directory: string, dialect: 'sqlite' | 'mysql'): string[] {
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
