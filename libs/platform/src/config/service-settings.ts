import { z } from 'zod';
import { commonSettings } from './common-settings.js';
import { defaultSecrets, registrySettings, tlsSettings } from './engine-settings.js';
import { port, readSettings, SettingsError } from './settings.js';

/** All services, in the order of their default ports. */
export const SERVICES = [
  'identity',
  'conversation',
  'message',
  'delivery',
  'presence',
  'file',
  'media-signal',
  'api-gateway',
] as const;
export type ServiceName = (typeof SERVICES)[number];

/** Whom each service calls. Only these are followed in the registry: a watch is a connection, and an agent takes 200 of one host. */
export const CALLS: Readonly<Record<ServiceName, readonly ServiceName[]>> = {
  identity: ['api-gateway'],
  conversation: ['api-gateway', 'identity', 'message'],
  message: ['delivery'],
  delivery: ['api-gateway', 'message', 'presence'],
  presence: ['conversation', 'delivery', 'message'],
  file: ['conversation', 'identity', 'message'],
  'media-signal': ['delivery', 'message'],
  // Shows administrators who is there, itself included.
  'api-gateway': SERVICES,
};

const GRPC_PORT = 50_051;
const ADMIN_PORT = 9091;

/** Known to everybody who can read: good on one machine, and accepted nowhere else. */
const TOKEN_OF_ONE_MACHINE = 'parley-service-token-of-one-machine';
const MIN_TOKEN = 16;
const LOOPBACK: readonly unknown[] = ['127.0.0.1', '::1', 'localhost'];

/** Settings of every process that runs one service. Ports differ by service, so that all of them start on one machine as they are. */
export function serviceProcessSettings(service: ServiceName) {
  return {
    ...commonSettings,
    ...registrySettings,
    ...tlsSettings,
    PARLEY_ADMIN_PORT: port(ADMIN_PORT + SERVICES.indexOf(service)).describe('Health and metrics of this service'),
    PARLEY_ENV: z
      .enum(['development', 'production'], { error: 'must be development or production' })
      .default('development')
      .describe('`production` refuses what is good on one machine only'),
    PARLEY_GRPC_PORT: port(GRPC_PORT + SERVICES.indexOf(service)).describe('Where the service answers the others'),
    PARLEY_GRPC_HOST: z.string().default('127.0.0.1').describe('Address it listens on'),
    PARLEY_SERVICE_TOKEN: z
      .string()
      .min(MIN_TOKEN, `must have at least ${MIN_TOKEN} characters`)
      .optional()
      .describe(
        'Secret that services show each other, the same for all. Must be set in production, and where PARLEY_GRPC_HOST is not the loopback interface',
      ),
  };
}

export type ServiceProcessSettings = z.output<z.ZodObject<ReturnType<typeof serviceProcessSettings>>>;

/**
 * Settings of one service's process, its own and those of its engines included. What is wrong is told at once, and so is what is good
 * on one machine only: the well-known service token and well-known passwords of engines. @throws SettingsError
 */
export function readServiceSettings<S extends z.ZodRawShape>(
  service: ServiceName,
  shape: S,
  env: NodeJS.ProcessEnv,
): z.output<z.ZodObject<S>> & ServiceProcessSettings {
  // TypeScript cannot see through the merge of an open shape.
  const all = { ...shape, ...serviceProcessSettings(service) };
  return readSettings(all, env, onlyForOneMachine) as z.output<z.ZodObject<S>> & ServiceProcessSettings;
}

function onlyForOneMachine(settings: Readonly<Record<string, string | undefined>>): string[] {
  const wrong = isTokenMissing(settings) ? [MISSING_TOKEN] : [];
  if (settings['PARLEY_ENV'] === 'production')
    for (const name of defaultSecrets(settings))
      wrong.push(`${name}: must not hold a well-known password where PARLEY_ENV is production`);
  const { PARLEY_GRPC_TLS_CA: ca, PARLEY_GRPC_TLS_CERT: cert, PARLEY_GRPC_TLS_KEY: key } = settings;
  if (new Set([ca === undefined, cert === undefined, key === undefined]).size > 1)
    wrong.push('PARLEY_GRPC_TLS_CA, PARLEY_GRPC_TLS_CERT and PARLEY_GRPC_TLS_KEY: must be set all three, or none');
  return wrong;
}

const MISSING_TOKEN =
  'PARLEY_SERVICE_TOKEN: must be set (the same secret for all services) where PARLEY_ENV is production or PARLEY_GRPC_HOST is not the loopback interface';

function isTokenMissing({
  PARLEY_SERVICE_TOKEN: token,
  PARLEY_GRPC_HOST: host = '127.0.0.1',
  PARLEY_ENV: env,
}: Readonly<Partial<Record<string, unknown>>>) {
  return token === undefined && (env === 'production' || !LOOPBACK.includes(host));
}

/** The secret that services show each other. One must be chosen in production, and wherever other machines can reach the port. */
export function serviceTokenOf(settings: ServiceProcessSettings): string {
  if (isTokenMissing(settings)) throw new SettingsError(`Some settings are wrong:\n  ${MISSING_TOKEN}`);
  return settings.PARLEY_SERVICE_TOKEN ?? TOKEN_OF_ONE_MACHINE;
}
