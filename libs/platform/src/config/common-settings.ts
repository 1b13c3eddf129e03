import { z } from 'zod';
import { port } from './settings.js';

/** Settings of every process. */
export const commonSettings = {
  PARLEY_DATA_DIR: z.string().default('./.data'),
  PARLEY_ADMIN_PORT: port(9090),
  /** Metrics and health tell about the inside: they listen on the loopback interface unless told otherwise. */
  PARLEY_ADMIN_HOST: z.string().default('127.0.0.1'),
  PARLEY_LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'must be fatal, error, warn, info, debug, trace or silent',
    })
    .default('info'),
};
