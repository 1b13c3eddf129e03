import type { DataSource } from 'typeorm';
import { MIGRATIONS_TABLE, pendingMigrations, readMigrations } from '../migration-files.js';

/** Runs what was not run yet, each file in a transaction of its own: one that fails leaves nothing behind. */
export async function migrateSqlite(dataSource: DataSource, directory: string): Promise<void> {
  await dataSource.query(MIGRATIONS_TABLE);
  const applied: { name: string; checksum: string }[] = await dataSource.query(
    'SELECT name, checksum FROM schema_migrations',
  );
  for (const { name, checksum, statements } of pendingMigrations(
    readMigrations(directory, 'sqlite'),
    applied,
    directory,
  ))
    await dataSource.transaction(async (tx) => {
      for (const statement of statements) await tx.query(statement);
      await tx.query('INSERT INTO schema_migrations (name, checksum, applied_at) VALUES (?, ?, ?)', [
        name,
        checksum,
        Date.now(),
      ]);
    });
}
