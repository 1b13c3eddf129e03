import { DomainError } from '@parley/kernel';
import type { DataSource, QueryRunner } from 'typeorm';

/** What the drivers put on their errors: better-sqlite3 a code, mysql2 a code, the server's number and whether the connection is gone. */
interface DriverError {
  code?: string;
  errno?: number;
  sqlState?: string;
  fatal?: boolean;
}

/** Errors of statements come wrapped by TypeORM, those of connecting bare. */
export function driverErrorOf(error: unknown): DriverError {
  const own = (error as { driverError?: DriverError } | null)?.driverError;
  return own ?? (error as DriverError | null) ?? {};
}

/** Whether a write failed because a row with this key is there. Both dialects; the only place that knows the drivers' names for it. */
export function isUniqueViolation(error: unknown): boolean {
  const { code } = driverErrorOf(error);
  return code === 'SQLITE_CONSTRAINT_PRIMARYKEY' || code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'ER_DUP_ENTRY';
}

/** Deadlock, lock wait over, record changed since it was read (MariaDB's snapshot isolation). */
const CONFLICTS: ReadonlySet<number> = new Set([1213, 1205, 1020]);

/** Whether a transaction lost against another one and may simply be run again: nothing of it is left. */
export function isConflict(error: unknown): boolean {
  const { errno, sqlState } = driverErrorOf(error);
  return (errno !== undefined && CONFLICTS.has(errno)) || sqlState === '40001';
}

/**
 * The server cannot now, but may soon: full of connections (1040, 1203, 1226), stopping (1053, 1317, 1927), over the deadline
 * (1969 MariaDB, 3024 MySQL), read only after a failover (1290, 1792, 1836), disk or lock table full (1021, 1114, 1206), a
 * password that is being changed (1045).
 */
const NOT_NOW: ReadonlySet<number> = new Set([
  1040, 1203, 1226, 1053, 1317, 1927, 1969, 3024, 1290, 1792, 1836, 1021, 1114, 1206, 1045,
]);
const NO_CONNECTION =
  /^(PROTOCOL_(CONNECTION_LOST|SEQUENCE_TIMEOUT)|ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;
const SQLITE_NOT_NOW = /^SQLITE_(FULL|BUSY|IOERR)/;

/** Whether the connection is gone, or so silent that it counts as gone. What was committed on it last is not known. */
export function isConnectionLost(error: unknown): boolean {
  const { code, errno, fatal } = driverErrorOf(error);
  // 1290 and its like: the address leads to another server by now, and old connections do not.
  const elsewhere = errno === 1290 || errno === 1792 || errno === 1836;
  return elsewhere || fatal === true || (code !== undefined && NO_CONNECTION.test(code));
}

/** The form in which driver errors leave the adapter. What stays a driver's error is a fault of ours (or a broken key). */
export function translated(error: unknown): unknown {
  if (DomainError.is(error)) return error;
  const { code = '', errno } = driverErrorOf(error);
  const isForNow =
    isConnectionLost(error) || (errno !== undefined && NOT_NOW.has(errno)) || SQLITE_NOT_NOW.test(String(code));
  return isForNow ? unavailable(error) : error;
}

export function unavailable(cause: unknown): DomainError {
  return Object.assign(new DomainError('server.unavailable', 'unavailable', { retryAfterMs: 1000 }), { cause });
}

export function busy(cause: unknown): DomainError {
  return Object.assign(new DomainError('server.busy', 'unavailable', { retryAfterMs: 500 }), { cause });
}

const done = new WeakSet<QueryRunner>();

/** Every statement of a data source, by whatever way it is run, fails in the adapter's terms. */
export function translateErrors(source: DataSource): void {
  const { driver } = source;
  const make = driver.createQueryRunner.bind(driver);
  driver.createQueryRunner = (mode) => {
    const runner = make(mode);
    // SQLite's driver gives out the same one each time.
    if (done.has(runner)) return runner;
    done.add(runner);
    const query = runner.query.bind(runner) as (...args: unknown[]) => Promise<unknown>;
    runner.query = (async (...args: unknown[]) => {
      try {
        return await query(...args);
      } catch (error) {
        throw translated(error);
      }
    }) as QueryRunner['query'];
    return runner;
  };
}
