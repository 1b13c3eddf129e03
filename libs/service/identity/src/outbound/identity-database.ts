import type { SqlDatabase } from '@parley/adapter-sql';
import type { LogRecord } from '@parley/contracts';
import type { Outbox } from '@parley/platform';
import type { EntityManager } from 'typeorm';

/** One transaction of identity: what it changed, and the facts about it that other services get. */
export interface Transaction {
  sql: EntityManager;
  /** Written with the transaction, published after it. */
  tell(...records: LogRecord[]): void;
}

/** The schema of this service, with its outbox. */
export class IdentityDatabase {
  constructor(
    readonly database: SqlDatabase,
    private readonly outbox: Outbox,
    private readonly onPublishError: (error: unknown) => void,
  ) {}

  query<T>(sql: string, parameters: readonly unknown[] = []): Promise<T> {
    return this.database.read.query(sql, [...parameters]);
  }

  async write<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    let told = false;
    const result = await this.database.transaction(async (sql) => {
      const records: LogRecord[] = [];
      const answer = await work({ sql, tell: (...more) => records.push(...more) });
      if (records.length > 0) await this.outbox.append(sql, records);
      told = records.length > 0;
      return answer;
    });
    // Nobody waits for the log: what must be in force before the answer is told to the gateways directly.
    if (told) this.outbox.flush().catch(this.onPublishError);
    return result;
  }
}
