import { onOff, wholeNumber } from '@parley/platform';
import { z } from 'zod';

const YEAR_DAYS = 365;

export const identitySettings = {
  /** Name of the first administrator; read on the very first start only. */
  PARLEY_ADMIN_USERNAME: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{1,30}[a-z0-9]$/, 'must be 3 to 32 of a-z, 0-9, dot, underscore and hyphen')
    .default('admin'),
  /** Instead of a printed one-time password; to be changed at the first login all the same. */
  PARLEY_ADMIN_PASSWORD: z.string().min(8, 'must have at least 8 characters').max(128).optional(),
  PARLEY_TOKEN_ISSUER: z.string().min(1).max(200).default('parley'),
  PARLEY_ACCESS_TOKEN_SECONDS: wholeNumber(600, 30, 3600),
  /** From login to the next login, however often the session is refreshed. */
  PARLEY_SESSION_DAYS: wholeNumber(90, 1, YEAR_DAYS),
  PARLEY_SESSIONS_PER_USER: wholeNumber(100, 1, 10_000),
  PARLEY_KEY_ROTATION_DAYS: wholeNumber(30, 1, YEAR_DAYS),
  PARLEY_RATE_LIMITS: onOff(true),
  /** Wrong passwords for one name from one address in 15 minutes; other addresses are not affected. */
  PARLEY_LOGIN_FAILURES_PER_NAME: wholeNumber(10, 1, 1_000_000),
  PARLEY_LOGIN_FAILURES_PER_ADDRESS: wholeNumber(200, 1, 1_000_000),
  /** New accounts and guests from one address in an hour. */
  PARLEY_REGISTRATIONS_PER_ADDRESS: wholeNumber(300, 1, 1_000_000),
  PARLEY_PASSWORD_HASHES_AT_ONCE: wholeNumber(2, 1, 64),
};

export type IdentitySettings = z.output<z.ZodObject<typeof identitySettings>>;
