import { FirstAdministrator } from '@parley/service-identity';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { StandaloneSettings } from './settings.js';

/** What a newcomer needs next: where things are, and how to get in. */
export function banner(
  app: NestFastifyApplication,
  settings: StandaloneSettings,
  dataDirectory: string,
  startMs: number,
): string {
  const base = settings.PARLEY_PUBLIC_URL ?? `http://localhost:${settings.PARLEY_HTTP_PORT}`;
  const admin = app.get(FirstAdministrator, { strict: false });
  const lines = [
    `Parley is ready (${(startMs / 1000).toFixed(1)} s)`,
    '',
    ...(settings.PARLEY_WEB_DIR === 'off' ? [] : [`  open in a browser  ${base}`, '']),
    `  REST               ${base}/api/v1`,
    `  Socket.IO          ${base}`,
    `  documents          ${base}/api/docs   (/api/openapi.json, /api/asyncapi.json)`,
    `  health, metrics    http://${settings.PARLEY_ADMIN_HOST}:${settings.PARLEY_ADMIN_PORT}/readyz   /metrics`,
    `  data               ${dataDirectory}`,
    ...(settings.PARLEY_RATE_LIMITS
      ? []
      : ['  WARNING            rate limits are off (PARLEY_RATE_LIMITS=off): for benchmarks only']),
    ...(admin.oneTimePassword === undefined
      ? []
      : [
          '',
          `  first administrator: ${admin.username}   one-time password: ${admin.oneTimePassword}`,
          '  It is shown only now. Sign in and change it in the settings: until then it administers nothing.',
        ]),
    '',
    '  Ctrl-C stops it.',
    '',
  ];
  return `${lines.join('\n')}\n`;
}
