import { join } from 'node:path';
import { StepFailed } from '../lib/step.mjs';

/** What a process of the distributed profile cannot start without, by their names in engines.json. */
const NEEDED = ['mysql', 'redis', 'kafka', 's3', 'consul'];

/** The settings that name the engines. `engines` is what engines.json holds. */
export function engineEnv(engines) {
  const missing = NEEDED.filter((name) => engines[name] === undefined);
  if (missing.length > 0)
    throw new StepFailed(
      `The cluster needs ${missing.join(', ')}, which is not up: run \`npm run stack -- up\` first.`,
    );
  const { mysql, kafka, redis, s3, consul, turn } = engines;
  return {
    PARLEY_MYSQL_URL: mysql.url,
    PARLEY_KAFKA_BROKERS: kafka.brokers.join(','),
    PARLEY_REDIS_URL: redis.url,
    PARLEY_S3_ENDPOINT: s3.endpoint,
    PARLEY_S3_PUBLIC_URL: s3.publicUrl,
    PARLEY_S3_ACCESS_KEY: s3.accessKey,
    PARLEY_S3_SECRET_KEY: s3.secretKey,
    PARLEY_S3_REGION: s3.region,
    PARLEY_CONSUL_URL: consul.url,
    ...(turn === undefined ? {} : { PARLEY_TURN_URLS: turn.url, PARLEY_TURN_SECRET: turn.secret }),
  };
}

/** Settings of the caller that are for every process; those of the stack and of the tests are not. */
export const passedOn = (env) =>
  Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => /^PARLEY_/.test(name) && !/^PARLEY_(STACK|CLUSTER|TEST|REQUIRE)_/.test(name),
    ),
  );

/** What is each process' own: its name, its ports, its folder. */
export function nodeEnv({ name, service, ports, httpUrl }, dir) {
  return {
    PARLEY_INSTANCE: name,
    PARLEY_DATA_DIR: join(dir, 'data', name),
    PARLEY_GRPC_PORT: String(ports.grpc),
    PARLEY_ADMIN_PORT: String(ports.admin),
    ...(service === 'api-gateway'
      ? {
          PARLEY_HTTP_PORT: String(ports.http),
          PARLEY_HTTP_HOST: '127.0.0.1',
          PARLEY_PUBLIC_URL: httpUrl,
        }
      : {}),
  };
}
