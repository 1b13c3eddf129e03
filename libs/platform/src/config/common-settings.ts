import { z } from 'zod';
import { port } from './settings.js';

/** Settings of every process. */
export const commonSettings = {
  PARLEY_DATA_DIR: z.string().default('./.data').describe('Where everything that is kept lies'),
  PARLEY_ADMIN_PORT: port(9090).describe('Health and metrics: /healthz, /readyz, /metrics'),
  PARLEY_ADMIN_HOST: z
    .string()
    .default('127.0.0.1')
    .describe(
      'Address of the admin port. Metrics and health tell about the inside: the loopback interface unless told otherwise',
    ),
  PARLEY_LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'must be fatal, error, warn, info, debug, trace or silent',
    })
    .default('info')
    .describe('From which level on lines are logged'),
};
