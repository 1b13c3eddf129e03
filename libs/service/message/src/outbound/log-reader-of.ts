import type { SqlDatabase } from '@parley/adapter-sql';
import type { LogReader } from '@parley/core-message';
import { MysqlLogReader } from './mysql/mysql-log-reader.js';
import { SqliteLogReader } from './sqlite/sqlite-log-reader.js';

/** The reader that speaks the database's dialect. */
export function logReaderOf(database: SqlDatabase): LogReader {
  switch (database.dialect) {
    case 'sqlite':
      return new SqliteLogReader(database);
    case 'mysql':
      return new MysqlLogReader(database);
  }
}
