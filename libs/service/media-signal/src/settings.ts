import type { CallTimes, IceSettings } from '@parley/core-media-signal';
import { list, SettingsError, wholeNumber } from '@parley/platform';
import { z } from 'zod';

const SECOND_MS = 1000;
const MAX_TTL_SECONDS = 3600;

export const mediaSignalSettings = {
  PARLEY_CALL_RING_SECONDS: wholeNumber(45, 1, 600).describe(
    'A call that nobody takes counts as missed after this time',
  ),
  PARLEY_CALL_CONNECT_SECONDS: wholeNumber(120, 5, 600).describe(
    'From the accept to the first answer that is passed on',
  ),
  PARLEY_CALL_GRACE_SECONDS: wholeNumber(20, 1, 600).describe('How long a lost device is waited for'),
  PARLEY_CALL_MAX_SECONDS: wholeNumber(24 * 3600, 60, 7 * 24 * 3600).describe('A call ends after this time'),
  PARLEY_STUN_URLS: list([]).describe('STUN servers for clients, e.g. stun:stun.example.org:3478'),
  PARLEY_TURN_URLS: list([]).describe('TURN servers for clients, e.g. turn:turn.example.org:3478?transport=udp'),
  PARLEY_TURN_SECRET: z
    .string()
    .default('')
    .describe('Shared with the TURN server (`static-auth-secret` of coturn); must be set where PARLEY_TURN_URLS is'),
  PARLEY_TURN_TTL_SECONDS: wholeNumber(MAX_TTL_SECONDS, 60, MAX_TTL_SECONDS).describe(
    'How long TURN credentials are good',
  ),
};

export type MediaSignalSettings = z.output<z.ZodObject<typeof mediaSignalSettings>>;

export function callTimes(settings: MediaSignalSettings): CallTimes {
  return {
    ringMs: settings.PARLEY_CALL_RING_SECONDS * SECOND_MS,
    connectMs: settings.PARLEY_CALL_CONNECT_SECONDS * SECOND_MS,
    graceMs: settings.PARLEY_CALL_GRACE_SECONDS * SECOND_MS,
    maxMs: settings.PARLEY_CALL_MAX_SECONDS * SECOND_MS,
  };
}

/** @throws SettingsError for TURN servers without a secret: clients would get servers that refuse them. */
export function iceSettings(settings: MediaSignalSettings): IceSettings {
  if (settings.PARLEY_TURN_URLS.length > 0 && settings.PARLEY_TURN_SECRET === '')
    throw new SettingsError('Some settings are wrong:\n  PARLEY_TURN_SECRET: must be set where PARLEY_TURN_URLS is');
  return {
    stunUrls: settings.PARLEY_STUN_URLS,
    turnUrls: settings.PARLEY_TURN_URLS,
    turnSecret: settings.PARLEY_TURN_SECRET,
    ttlSeconds: settings.PARLEY_TURN_TTL_SECONDS,
  };
}
