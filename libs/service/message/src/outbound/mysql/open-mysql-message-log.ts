import { databaseName, mysqlAddress, type MysqlOptions, SqlDatabase } from '@parley/adapter-sql';
import type { MessageWindows } from '@parley/core-message';
import type { CommitRunner } from '../commit-runner.js';
import { MysqlCommitEngine } from './mysql-commit-engine.js';

export interface MysqlMessageLogOptions extends Omit<MysqlOptions, 'schema' | 'entities'> {
  windows: MessageWindows;
}

/** The log on MySQL or MariaDB, one writer of several: what `MessageModule` takes. The module closes the runner, the caller the database. */
export async function openMysqlMessageLog({
  windows,
  ...options
}: MysqlMessageLogOptions): Promise<{ database: SqlDatabase; runner: CommitRunner }> {
  const database = await SqlDatabase.openMysql({ ...options, schema: 'message' });
  const runner = new MysqlCommitEngine({
    database,
    address: mysqlAddress(options.url),
    name: databaseName(options.databasePrefix ?? 'parley_', 'message'),
    windows,
  });
  return { database, runner };
}
