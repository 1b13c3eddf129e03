import { LoggerModule } from 'nestjs-pino';
import type { DynamicModule } from '@nestjs/common';

/** Never written, whatever object they hide in. */
const SECRETS = ['password', 'current', 'next', 'token', 'accessToken', 'refreshToken', 'req.headers.authorization', 'req.headers.cookie'];

/** JSON lines on standard output, readable ones on a terminal. Requests are counted in metrics, not logged one by one. */
export function loggingModule(level: string, pretty: boolean): DynamicModule {
  return LoggerModule.forRoot({
    forRoutes: [],
    pinoHttp: {
      level,
      autoLogging: false,
      redact: { paths: SECRETS.flatMap((path) => [path, `*.${path}`]), censor: '[hidden]' },
      ...(pretty ? { transport: { target: 'pino-pretty', options: { singleLine: true, ignore: 'pid,hostname', translateTime: 'HH:MM:ss' } } } : {}),
    },
  });
}
