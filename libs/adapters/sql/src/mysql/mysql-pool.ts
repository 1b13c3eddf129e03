import { createPool, type Pool, type PoolConnection, type PoolOptions } from 'mysql2';
import { busy, isConnectionLost } from '../driver-errors.js';

export interface PoolLimits {
  /** Those that wait for a connection at most; one more is told `server.busy` at once. */
  waiting: number;
  /** How long one waits for a connection. */
  waitMs: number;
  /** A statement that takes longer has lost its connection: behind a stalled network no other sign ever comes. */
  statementMs: number;
  /** Statements that a new connection starts with. */
  session: readonly string[];
}

type Callback = (error: unknown, connection?: DeadlinedConnection) => void;

/**
 * What TypeORM sees of mysql2's pool. mysql2 itself lets callers wait for ever, for a connection as well as for an answer, and
 * keeps connections that were cut without a word.
 */
export class BoundedPool {
  private readonly pool: Pool;
  private readonly made = new WeakMap<PoolConnection, number>();
  /** Grows when a connection turns out to be dead; idle ones that are older than that are not trusted either. */
  private age = 0;
  private waiting = 0;

  constructor(
    options: PoolOptions,
    private readonly limits: PoolLimits,
  ) {
    this.pool = createPool(options);
    this.pool.on('connection', (connection) => this.prepare(connection));
  }

  getConnection(callback: Callback): void {
    if (this.waiting >= this.limits.waiting) return callback(busy(new Error('Too many wait for a connection.')));
    this.waiting += 1;
    let settled = false;
    const settle = (error: unknown, connection?: DeadlinedConnection) => {
      clearTimeout(timer);
      settled = true;
      this.waiting -= 1;
      callback(error, connection);
    };
    const timer = setTimeout(() => settle(busy(new Error('No connection in time.'))), this.limits.waitMs);
    const take = () =>
      this.pool.getConnection((error: unknown, connection: PoolConnection) => {
        if (error !== null && error !== undefined) {
          if (!settled) settle(error);
          return;
        }
        if (settled) return connection.release();
        if ((this.made.get(connection) ?? 0) < this.age) {
          connection.destroy();
          return take();
        }
        settle(undefined, new DeadlinedConnection(connection, this.limits.statementMs, () => this.distrust()));
      });
    take();
  }

  end(callback: (error?: unknown) => void): void {
    this.pool.end(callback);
  }

  private prepare(connection: PoolConnection): void {
    this.made.set(connection, this.age);
    for (const statement of this.limits.session)
      connection.query(statement, (error) => {
        if (error !== null) connection.destroy();
      });
  }

  private distrust(): void {
    this.age += 1;
  }
}

/** As much of a connection as TypeORM uses, with a deadline on each statement. */
export class DeadlinedConnection {
  private isBroken = false;

  constructor(
    private readonly connection: PoolConnection,
    private readonly deadlineMs: number,
    private readonly onLost: () => void,
  ) {}

  promise(): this {
    return this;
  }

  listeners(event: string) {
    return this.connection.listeners(event);
  }

  on(event: string, listener: (...args: unknown[]) => void): void {
    this.connection.on(event, listener);
  }

  query(statement: string, values?: unknown[]): Promise<[unknown, unknown]> {
    return new Promise((resolve, reject) => {
      const fail = (error: unknown) => {
        clearTimeout(timer);
        // A transaction whose end failed may still be open: nobody else gets this connection.
        if (statement === 'COMMIT' || statement === 'ROLLBACK') this.isBroken = true;
        if (isConnectionLost(error)) {
          this.isBroken = true;
          this.onLost();
        }
        reject(error);
      };
      const timer = setTimeout(() => {
        this.connection.destroy();
        fail(Object.assign(new Error(`No answer in ${this.deadlineMs} ms`), { code: 'ETIMEDOUT', fatal: true }));
      }, this.deadlineMs);
      this.connection.query(statement, values, (error, rows, fields) => {
        if (error !== null) return fail(error);
        clearTimeout(timer);
        resolve([rows, fields]);
      });
    });
  }

  release(): void {
    if (this.isBroken) this.connection.destroy();
    else this.connection.release();
  }
}
