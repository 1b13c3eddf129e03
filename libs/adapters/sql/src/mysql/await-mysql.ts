import { ExponentialBackoff } from 'cockatiel';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Connection, createConnection } from 'mysql2/promise';
import { CannotOpen } from '../cannot-open.js';
import { driverErrorOf } from '../driver-errors.js';
import { connectionOptions, type MysqlAddress } from './mysql-address.js';

export interface Waiting {
  /** Told why the start waits: at the first failure, when the reason changes, and every ten seconds. */
  onWaiting?: (line: string) => void;
  /** Ends the waiting, with its reason. */
  signal?: AbortSignal;
}

const TELL_AGAIN_MS = 10_000;
const BACKOFF = new ExponentialBackoff({ initialDelay: 100, maxDelay: 3000 });

/** A connection without a database, as soon as the server gives one. A refused password or user is not waited for. */
export async function awaitMysql(
  address: MysqlAddress,
  { onWaiting = tell, signal }: Waiting = {},
): Promise<Connection> {
  const place = `MySQL at ${address.host}:${address.port}`;
  let told = { reason: '', at: 0 };
  let backoff: ReturnType<typeof BACKOFF.next> | undefined;
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await createConnection(connectionOptions(address));
    } catch (error) {
      const { code, errno } = driverErrorOf(error);
      if (errno === 1045)
        throw new CannotOpen(`${place} refuses the user ${address.user}: check user and password in PARLEY_MYSQL_URL.`);
      const reason = `${code ?? 'error'}: ${(error as Error).message}`;
      if (reason !== told.reason || performance.now() - told.at > TELL_AGAIN_MS) {
        onWaiting(`waiting for ${place}: ${reason}`);
        told = { reason, at: performance.now() };
      }
    }
    backoff = backoff === undefined ? BACKOFF.next() : backoff.next(undefined);
    await sleep(backoff.duration, undefined, signal === undefined ? {} : { signal });
  }
}

const tell = (line: string) => void process.stderr.write(`${line}\n`);
