import { Mutex } from 'async-mutex';
import { ExponentialBackoff, handleWhen, retry } from 'cockatiel';
import { DataSource, type EntityManager } from 'typeorm';
import { busy, isConflict, isConnectionLost, translateErrors } from '../driver-errors.js';
import { migrationsOf } from '../migration-files.js';
import type { Entities, SqlEngine } from '../sql-engine.js';
import { awaitMysql, type Waiting } from './await-mysql.js';
import { connectionOptions, databaseName, mysqlAddress } from './mysql-address.js';
import { MysqlLeases } from './mysql-leases.js';
import { BoundedPool, type PoolLimits } from './mysql-pool.js';
import { prepareSchema, type Server } from './mysql-schema.js';

export interface MysqlOptions extends Waiting {
  /** `mysql://user:password@host:port`, or `mariadb://…`. Which of both it is, the server itself says. */
  url: string;
  /** Name of the schema: folder under sql/, and with the prefix the name of the database. */
  schema: string;
  databasePrefix?: string;
  /** Connections at most. Idle ones beyond two are closed after a minute. */
  pool?: number;
  entities?: Entities;
  /** How long a statement may take, a wait for a lock (a third of it) included. */
  statementMs?: number;
  /** Where the migrations lie, for tests. */
  migrations?: string;
}

const ATTEMPTS = 12;
/** Attempts before this one (the first is 0) run beside all others. */
const IN_LINE_FROM = 1;
/** No attempt begins later than this after the first. */
const BUDGET_MS = 8000;
const IDLE_CONNECTIONS = 2;

/** MySQL or MariaDB: many writers. Every transaction is serializable, and run again when it loses against another one. */
export class MysqlEngine implements SqlEngine {
  readonly dialect = 'mysql';
  readonly leases: MysqlLeases;
  conflicts = 0;
  /** Those that lost stand in line: many who want one row would otherwise go on shooting each other down. */
  private readonly losers = new Mutex();
  private readonly again = retry(handleWhen(isConflict), {
    maxAttempts: ATTEMPTS - 1,
    backoff: new ExponentialBackoff({ initialDelay: 4, maxDelay: 250 }),
  });

  private constructor(private readonly source: DataSource) {
    this.leases = new MysqlLeases(source);
    this.again.onRetry(() => {
      this.conflicts += 1;
    });
  }

  static async open(options: MysqlOptions): Promise<MysqlEngine> {
    const { schema, url, databasePrefix = 'parley_', migrations = migrationsOf(schema) } = options;
    const database = databaseName(databasePrefix, schema);
    const server = await prepared(options, database, migrations);
    const { pool = 10, statementMs = 5000, entities } = options;
    const limits: PoolLimits = {
      waiting: pool * 50,
      waitMs: statementMs,
      // The server ends a statement first, which costs no connection.
      statementMs: statementMs + 1000,
      session: sessionOf(server, statementMs),
    };
    const source = new DataSource({
      type: server.isMariaDb ? 'mariadb' : 'mysql',
      database,
      driver: { createPool: (all: object) => new BoundedPool(all, limits) },
      extra: {
        ...connectionOptions(mysqlAddress(url), database),
        connectionLimit: pool,
        maxIdle: Math.min(IDLE_CONNECTIONS, pool),
        idleTimeout: 60_000,
      },
      ...(entities === undefined ? {} : { entities }),
    });
    translateErrors(source);
    await source.initialize();
    return new MysqlEngine(source);
  }

  get read(): EntityManager {
    return this.source.manager;
  }

  async transaction<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    const lastStart = performance.now() + BUDGET_MS;
    try {
      return await this.again.execute(async ({ attempt }) => {
        const run = () => this.source.transaction(work);
        try {
          return await (attempt < IN_LINE_FROM ? run() : this.losers.runExclusive(run));
        } catch (error) {
          throw isConflict(error) && performance.now() > lastStart ? busy(error) : error;
        }
      });
    } catch (error) {
      throw isConflict(error) ? busy(error) : error;
    }
  }

  async close(): Promise<void> {
    if (this.source.isInitialized) await this.source.destroy();
  }
}

/** Waits for the server and brings the schema up to date; begins again when the server goes away meanwhile. */
async function prepared(options: MysqlOptions, database: string, migrations: string): Promise<Server> {
  const address = mysqlAddress(options.url);
  for (;;) {
    const connection = await awaitMysql(address, options);
    try {
      return await prepareSchema(connection, { database, migrations, user: address.user, ...options });
    } catch (error) {
      if (!isConnectionLost(error)) throw error;
    } finally {
      connection.destroy();
    }
  }
}

/**
 * The isolation level is the session's, which saves a round trip per transaction; reads outside a transaction stay plain
 * consistent reads. The strict mode is ours, whatever the server's default is: text that is too long is an error, not cut.
 */
function sessionOf({ isMariaDb }: Server, statementMs: number): string[] {
  const deadline = isMariaDb ? `max_statement_time = ${statementMs / 1000}` : `max_execution_time = ${statementMs}`;
  const lockSeconds = Math.max(1, Math.round(statementMs / 3000));
  return [
    'SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE',
    `SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', time_zone = '+00:00', innodb_lock_wait_timeout = ${lockSeconds}, ${deadline}`,
  ];
}
