import { isAcceptablePassword } from '@parley/core-identity';
import { onOff, wholeNumber } from '@parley/platform';
import { z } from 'zod';

const YEAR_DAYS = 365;

export const identitySettings = {
  PARLEY_ADMIN_USERNAME: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{1,30}[a-z0-9]$/, 'must be 3 to 32 of a-z, 0-9, dot, underscore and hyphen')
    .default('admin')
    .describe('Name of the first administrator; read on the very first start only'),
  PARLEY_ADMIN_PASSWORD: z
    .string()
    .min(8, 'must have at least 8 characters')
    .max(128)
    .refine(isAcceptablePassword, 'must not be one of those that are tried first')
    .optional()
    .describe('Their password instead of a printed one-time one; to be changed at the first login all the same'),
  PARLEY_TOKEN_ISSUER: z
    .string()
    .min(1)
    .max(200)
    .default('parley')
    .describe('Who signs access tokens (`iss`); the same value at gateway and identity'),
  PARLEY_ACCESS_TOKEN_SECONDS: wholeNumber(600, 30, 3600).describe('How long an access token is good'),
  PARLEY_SESSION_DAYS: wholeNumber(90, 1, YEAR_DAYS).describe(
    'From login to the next login, however often the session is refreshed',
  ),
  PARLEY_SESSIONS_PER_USER: wholeNumber(100, 1, 10_000).describe(
    'Sessions of one user; one more ends the one that was not used for longest',
  ),
  PARLEY_KEY_ROTATION_DAYS: wholeNumber(30, 1, YEAR_DAYS).describe('How often a new key signs access tokens'),
  PARLEY_RATE_LIMITS: onOff(true).describe(
    '`off` lifts all rate limits (sizes stay): for benchmarks and conformance runs only',
  ),
  PARLEY_LOGIN_FAILURES_PER_NAME: wholeNumber(10, 1, 1_000_000).describe(
    'Wrong passwords for one name from one address in 15 minutes; other addresses are not affected',
  ),
  PARLEY_LOGIN_FAILURES_PER_ADDRESS: wholeNumber(200, 1, 1_000_000).describe(
    'Wrong passwords from one address in 15 minutes, for whatever names',
  ),
  PARLEY_REGISTRATIONS_PER_ADDRESS: wholeNumber(300, 1, 1_000_000).describe(
    'New accounts and guests from one address in an hour',
  ),
  PARLEY_PASSWORD_HASHES_AT_ONCE: wholeNumber(2, 1, 64).describe(
    'Password hashes computed at the same time; each takes a core for some tens of milliseconds',
  ),
};

export type IdentitySettings = z.output<z.ZodObject<typeof identitySettings>>;
