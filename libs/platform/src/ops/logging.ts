import { type DynamicModule, type INestApplicationContext, Logger as NestLogger } from '@nestjs/common';
import { Logger, LoggerModule, type Params, PinoLogger } from 'nestjs-pino';

/** Never written, whatever object they hide in. */
const SECRETS = [
  'password',
  'current',
  'next',
  'token',
  'accessToken',
  'refreshToken',
  'req.headers.authorization',
  'req.headers.cookie',
];

/** What Nest tells at every start: one line per module and route, for debugging only. */
const CHATTER = new Set([
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestFactory',
  'NestApplication',
  'NestMicroservice',
  'WebSocketsController',
]);

/** JSON lines on standard output, readable ones on a terminal. Requests are counted in metrics, not logged one by one. */
export function loggingModule(level: string, pretty: boolean): DynamicModule {
  return LoggerModule.forRoot(paramsOf(level, pretty));
}

/** The same for what is said before there is an application: for which engine it waits. */
export function logFromTheStart(level: string, pretty: boolean): void {
  NestLogger.overrideLogger(new QuietStart(new PinoLogger(paramsOf(level, pretty)), {}));
}

function paramsOf(level: string, pretty: boolean): Params {
  return {
    forRoutes: [],
    pinoHttp: {
      level,
      autoLogging: false,
      redact: { paths: SECRETS.flatMap((path) => [path, `*.${path}`]), censor: '[hidden]' },
      ...(pretty
        ? {
            transport: {
              target: 'pino-pretty',
              options: { singleLine: true, ignore: 'pid,hostname', translateTime: 'HH:MM:ss' },
            },
          }
        : {}),
    },
  };
}

/** Makes pino the application's logger, with Nest's own start-up lines at `debug`. */
export async function useAppLogger(app: INestApplicationContext): Promise<void> {
  app.useLogger(new QuietStart(await app.resolve(PinoLogger), {}));
}

class QuietStart extends Logger {
  override log(message: unknown, ...parameters: unknown[]): void {
    if (CHATTER.has(String(parameters.at(-1)))) super.debug(message, ...parameters);
    else super.log(message, ...parameters);
  }
}
