import { list, onOff, port, wholeNumber } from '@parley/platform';
import { z } from 'zod';
import { policySettings } from './policy/policy-settings.js';

export const gatewaySettings = {
  ...policySettings,
  PARLEY_HTTP_PORT: port(8080).describe(
    'The public port: REST, Socket.IO, web client, documents and objects; 0 lets the system choose',
  ),
  PARLEY_HTTP_HOST: z.string().default('0.0.0.0').describe('Address it listens on'),
  PARLEY_PUBLIC_URL: z
    .url({ error: 'must be a URL such as https://chat.example.org' })
    .optional()
    .describe(
      'Where clients reach the public port; signed URLs of the embedded object store begin with it. When not set they begin with what the client itself asked: set it where a proxy ends TLS',
    ),
  PARLEY_WEB_DIR: z
    .string()
    .optional()
    .describe(
      'Folder of the built web client, which is served on `/`; `off` serves none. When not set: the one that was built beside the server',
    ),
  PARLEY_ALLOWED_ORIGINS: list(['*']).describe(
    'Origins that browsers may come from, for REST, polling and websocket alike; `*` for any',
  ),
  PARLEY_TRUSTED_PROXIES: list([]).describe(
    'Addresses or networks of reverse proxies whose X-Forwarded-For is believed',
  ),
  PARLEY_SOCKET_PING_INTERVAL_MS: wholeNumber(25_000, 100, 600_000).describe('How often the server pings a socket'),
  PARLEY_SOCKET_PING_TIMEOUT_MS: wholeNumber(20_000, 100, 600_000).describe(
    'How long it waits for the pong before the socket counts as lost',
  ),
  PARLEY_SOCKET_CONNECT_TIMEOUT_MS: wholeNumber(45_000, 100, 600_000).describe(
    'How long a connection may take to join the namespace',
  ),
  PARLEY_MAX_PACKET_BYTES: wholeNumber(65_536, 1024, 10_000_000).describe(
    'Largest packet a client may send over the socket',
  ),
  PARLEY_SOCKETS_PER_USER: wholeNumber(50, 1, 10_000).describe(
    'Open sockets of one user on one gateway; one more is refused with `limit.sockets`',
  ),
  PARLEY_DIAGNOSTIC_PORT: port(0)
    .optional()
    .describe('A second listener without authentication, for protocol conformance runs; 0: off'),
  PARLEY_RATE_LIMITS: onOff(true).describe(
    '`off` lifts all rate limits (sizes stay): for benchmarks and conformance runs only',
  ),
  PARLEY_SENDS_PER_SECOND: wholeNumber(20, 1, 100_000).describe(
    'What one user adds to conversations per second (messages, edits, recalls, reactions, pins), over REST and sockets together',
  ),
  PARLEY_SENDS_BURST: wholeNumber(40, 1, 100_000).describe('How many of them may come at once, after a pause'),
  PARLEY_REQUESTS_PER_SECOND: wholeNumber(50, 1, 100_000).describe(
    'Socket commands other than sends, and REST requests, per user (per address without a token)',
  ),
  PARLEY_REQUESTS_BURST: wholeNumber(200, 1, 100_000).describe('How many of them may come at once, after a pause'),
};

export type GatewaySettings = z.output<z.ZodObject<typeof gatewaySettings>>;

export const GATEWAY_SETTINGS = Symbol('GatewaySettings');
