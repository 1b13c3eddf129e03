import type { ConnectionOptions } from 'mysql2';

/** Where a server is and who asks. */
export interface MysqlAddress {
  host: string;
  port: number;
  user: string;
  password: string;
}

/** `mysql://user:password@host:port` or `mariadb://…`; what is behind the port is ignored. */
export function mysqlAddress(url: string): MysqlAddress {
  const { hostname, port, username, password } = new URL(url);
  return {
    // An IPv6 address stands in brackets in a URL.
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? 3306 : Number(port),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
  };
}

/** A service's own database: `parley_` and `media-signal` make `parley_media_signal`. */
export function databaseName(prefix: string, schema: string): string {
  return `${prefix}${schema.replaceAll('-', '_')}`;
}

export const CONNECT_TIMEOUT_MS = 3000;

/** How every connection of ours reads and writes values: numbers as numbers (up to 2^53, beyond as text), bytes as Buffer. */
export function connectionOptions(address: MysqlAddress, database?: string): ConnectionOptions {
  return {
    ...address,
    ...(database === undefined ? {} : { database }),
    charset: 'utf8mb4_bin',
    timezone: 'Z',
    supportBigNumbers: true,
    bigNumberStrings: false,
    decimalNumbers: true,
    // An object among the values becomes text, never `column = value`.
    stringifyObjects: true,
    multipleStatements: false,
    flags: ['-LOCAL_FILES'],
    connectTimeout: CONNECT_TIMEOUT_MS,
    enableKeepAlive: true,
    keepAliveInitialDelay: 10_000,
  };
}
