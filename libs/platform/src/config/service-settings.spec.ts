import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { kafkaSettings, mysqlSettings, redisSettings, s3Settings } from './engine-settings.js';
import { readServiceSettings, SERVICES, serviceProcessSettings, serviceTokenOf } from './service-settings.js';
import { readSettings, SettingsError } from './settings.js';

const read = (env: NodeJS.ProcessEnv) => readSettings(serviceProcessSettings('message'), env);
const start = (env: NodeJS.ProcessEnv, engines: z.ZodRawShape = {}) => readServiceSettings('message', engines, env);
const ENGINES = { ...mysqlSettings, ...kafkaSettings, ...redisSettings, ...s3Settings };
const messageOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  throw new Error('it was accepted');
};

describe('settings of a service that runs alone', () => {
  it('give every service ports of its own', () => {
    const of = (service: (typeof SERVICES)[number]) => readSettings(serviceProcessSettings(service), {});
    const ports = SERVICES.flatMap((service) => [of(service).PARLEY_GRPC_PORT, of(service).PARLEY_ADMIN_PORT]);
    expect(new Set(ports).size).toBe(2 * SERVICES.length);
  });

  it.each([{ PARLEY_ENV: 'production' }, { PARLEY_GRPC_HOST: '0.0.0.0' }])(
    'ask for a credential of our own with %o',
    (env) => {
      expect(() => serviceTokenOf(read(env))).toThrow(SettingsError);
      expect(() => start(env)).toThrow(/PARLEY_SERVICE_TOKEN: must be set/);
      expect(serviceTokenOf(read({ ...env, PARLEY_SERVICE_TOKEN: 'a secret of sixteen' }))).toBe('a secret of sixteen');
    },
  );

  it('refuse a credential that is too short to be one', () => {
    expect(() => read({ PARLEY_SERVICE_TOKEN: 'secret' })).toThrow(/PARLEY_SERVICE_TOKEN: must have at least 16/);
  });

  it('want the three files of TLS together', () => {
    expect(messageOf(() => start({ PARLEY_GRPC_TLS_CA: 'ca.pem' }))).toMatch(/all three, or none/);
  });
});

describe('settings of the engines', () => {
  it('name every missing or wrong one at once, with the form it wants', () => {
    const text = messageOf(() =>
      readSettings(ENGINES, {
        PARLEY_REDIS_URL: 'localhost:6379',
        PARLEY_KAFKA_BROKERS: 'kafka',
        PARLEY_MYSQL_POOL: 'x',
      }),
    );
    expect(text).toMatch(/PARLEY_MYSQL_URL: must be like mysql:\/\/user:password@host:3306/);
    expect(text).toMatch(/PARLEY_MYSQL_POOL: must be a whole number from 2 to 200/);
    expect(text).toMatch(/PARLEY_KAFKA_BROKERS: must be host:port, several with commas/);
    expect(text).toMatch(/PARLEY_REDIS_URL: must be like redis:\/\/host:6379/);
    expect(text).toMatch(/PARLEY_S3_ENDPOINT: must be a URL such as http:\/\/minio:9000/);
    expect(text).toMatch(/PARLEY_S3_ACCESS_KEY: must be the access key/);
  });

  it('take several brokers', () => {
    const { PARLEY_KAFKA_BROKERS } = readSettings(kafkaSettings, { PARLEY_KAFKA_BROKERS: 'a:9092,b:9092' });
    expect(PARLEY_KAFKA_BROKERS).toEqual(['a:9092', 'b:9092']);
  });

  it('refuse well-known passwords in production, all at once, and only there', () => {
    const given = {
      PARLEY_SERVICE_TOKEN: 'a secret of sixteen',
      PARLEY_MYSQL_URL: 'mysql://parley:parley@db:3306',
      PARLEY_S3_SECRET_KEY: 'minioadmin',
    };
    const { PARLEY_MYSQL_URL, PARLEY_S3_SECRET_KEY } = ENGINES;
    const engines = { PARLEY_MYSQL_URL, PARLEY_S3_SECRET_KEY };
    const settings = (env: string) => start({ ...given, PARLEY_ENV: env }, engines);
    expect(() => settings('development')).not.toThrow();
    const text = messageOf(() => settings('production'));
    expect(text).toMatch(/PARLEY_MYSQL_URL: must not hold a well-known password/);
    expect(text).toMatch(/PARLEY_S3_SECRET_KEY: must not hold a well-known password/);
  });

  it('are told together with what is of a wrong form: a start says all of it at once', () => {
    const { PARLEY_MYSQL_URL, PARLEY_MYSQL_POOL } = mysqlSettings;
    const env = { PARLEY_ENV: 'production', PARLEY_MYSQL_URL: 'mysql://parley:parley@db', PARLEY_MYSQL_POOL: '1' };
    const text = messageOf(() => start(env, { PARLEY_MYSQL_URL, PARLEY_MYSQL_POOL }));
    expect(text.split('\n').map((line) => line.trim().split(':')[0])).toEqual([
      'Some settings are wrong',
      'PARLEY_MYSQL_POOL',
      'PARLEY_SERVICE_TOKEN',
      'PARLEY_MYSQL_URL',
    ]);
  });
});
