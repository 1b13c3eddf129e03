import { list, onOff, port, wholeNumber } from '@parley/platform';
import { z } from 'zod';
import { policySettings } from './policy/policy-settings.js';

export const gatewaySettings = {
  ...policySettings,
  PARLEY_HTTP_PORT: port(8080),
  PARLEY_HTTP_HOST: z.string().default('0.0.0.0'),
  /** Where clients reach the public port; signed URLs begin with it. Derived from the port when not set. */
  PARLEY_PUBLIC_URL: z.url({ error: 'must be a URL such as https://chat.example.org' }).optional(),
  /** Origins that browsers may come from, for REST, polling and websocket alike; `*` for any. */
  PARLEY_ALLOWED_ORIGINS: list(['*']),
  /** Addresses or networks of reverse proxies whose X-Forwarded-For is believed. */
  PARLEY_TRUSTED_PROXIES: list([]),
  PARLEY_SOCKET_PING_INTERVAL_MS: wholeNumber(25_000, 100, 600_000),
  PARLEY_SOCKET_PING_TIMEOUT_MS: wholeNumber(20_000, 100, 600_000),
  PARLEY_SOCKET_CONNECT_TIMEOUT_MS: wholeNumber(45_000, 100, 600_000),
  PARLEY_MAX_PACKET_BYTES: wholeNumber(65_536, 1024, 10_000_000),
  PARLEY_SOCKETS_PER_USER: wholeNumber(50, 1, 10_000),
  /** A second listener without authentication, for protocol conformance runs; off when not set. */
  PARLEY_DIAGNOSTIC_PORT: port(0).optional(),
  PARLEY_RATE_LIMITS: onOff(true),
  PARLEY_SENDS_PER_SECOND: wholeNumber(20, 1, 100_000),
  PARLEY_SENDS_BURST: wholeNumber(40, 1, 100_000),
  /** Socket commands other than sends, and REST requests, per user. */
  PARLEY_REQUESTS_PER_SECOND: wholeNumber(50, 1, 100_000),
  PARLEY_REQUESTS_BURST: wholeNumber(200, 1, 100_000),
};

export type GatewaySettings = z.output<z.ZodObject<typeof gatewaySettings>>;

export const GATEWAY_SETTINGS = Symbol('GatewaySettings');
