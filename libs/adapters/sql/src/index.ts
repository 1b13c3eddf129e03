export { DirectoryInUse, lockDirectory } from './directory-lock.js';
export { migrate, migrationFiles, statementsOf } from './migrations.js';
export { SqlDatabase, type SqliteOptions } from './sql-database.js';
