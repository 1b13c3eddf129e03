import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where the real engines answer. Written by `npm run stack -- up`. */
export interface Engines {
  /** `mysql://user:password@host:port`; the user may make databases. */
  mysql: { url: string };
  redis: { url: string };
  kafka: { brokers: string[] };
  /** `publicUrl`: the way that clients take, past the edge that refuses what is not presigned. */
  s3: { endpoint: string; publicUrl: string; accessKey: string; secretKey: string; region: string };
  consul: { url: string };
  /** Address of its API; proxies are made by the tests. */
  toxiproxy: { url: string };
  /** `turn:host:port?transport=udp`; `secret` signs credentials that expire. No service needs it to start. */
  turn?: { url: string; secret: string };
}

/** A test run has a file of its own: what does not answer is not in it, whatever the stack wrote down. */
const FILE =
  process.env['PARLEY_ENGINES_FILE'] ??
  `${process.env['PARLEY_STACK_DIR'] ?? fileURLToPath(new URL('../../../.stack', import.meta.url))}/engines.json`;

/**
 * A real engine for a suite, or undefined where none is up: `describe.skipIf(engine('mysql') === undefined)`. `npm test` says at
 * its end which engines were left out. With `PARLEY_REQUIRE_ENGINES=on` a missing one is an error.
 */
export function engine<K extends keyof Engines>(name: K): Engines[K] | undefined {
  const up = existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as Partial<Engines>) : {};
  const found = up[name];
  if (found === undefined && process.env['PARLEY_REQUIRE_ENGINES'] === 'on')
    throw new Error(`${name} is not up and PARLEY_REQUIRE_ENGINES is on: npm run stack -- up`);
  return found;
}
