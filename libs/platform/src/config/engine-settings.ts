import { z } from 'zod';
import { port, wholeNumber } from './settings.js';

const text = (form: string) => z.string({ error: form });
const urlOf = (form: string, ...schemes: string[]) =>
  z.string({ error: form }).refine((value) => {
    const url = URL.parse(value);
    return url !== null && schemes.includes(url.protocol.slice(0, -1)) && url.hostname !== '';
  }, form);

export const mysqlSettings = {
  PARLEY_MYSQL_URL: urlOf('must be like mysql://user:password@host:3306', 'mysql', 'mariadb').describe(
    'MySQL 8 or MariaDB 10.11 and later. The user may create the databases, or they are there',
  ),
  PARLEY_MYSQL_DATABASE_PREFIX: z
    .string()
    .regex(/^[a-z0-9_]{1,40}$/, 'must be 1 to 40 of a-z, 0-9 and underscore')
    .default('parley_')
    .describe('Each service has a database of its own: this and its name'),
  PARLEY_MYSQL_POOL: wholeNumber(10, 2, 200).describe('Connections of this process at most'),
};

export const kafkaSettings = {
  PARLEY_KAFKA_BROKERS: text('must be host:port, several with commas')
    .regex(/^[^\s,:]+:\d{1,5}(,[^\s,:]+:\d{1,5})*$/, 'must be host:port, several with commas')
    .transform((value) => value.split(','))
    .describe('Where Kafka answers first; the rest of the cluster is learned from there'),
  PARLEY_KAFKA_TOPIC_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9._-]{0,60}$/, 'must be up to 60 letters, digits, dots, underscores and hyphens')
    .default('')
    .describe('Before the name of every topic and group, where several Parleys share a cluster'),
  PARLEY_KAFKA_REPLICATION: wholeNumber(1, 1, 9).describe('Replicas of each topic that is created; 3 in production'),
};

export const redisSettings = {
  PARLEY_REDIS_URL: urlOf('must be like redis://host:6379, with TLS rediss://host:6380', 'redis', 'rediss').describe(
    'Redis 7. Nothing that is lost with it is lost for good',
  ),
  PARLEY_REDIS_PREFIX: z.string().max(60).default('parley:').describe('Before every key'),
};

export const s3Settings = {
  PARLEY_S3_ENDPOINT: urlOf('must be a URL such as http://minio:9000', 'http', 'https').describe(
    'MinIO or any S3, as the services reach it',
  ),
  PARLEY_S3_PUBLIC_URL: urlOf('must be a URL such as https://files.example.org', 'http', 'https')
    .optional()
    .describe(
      'The same as clients reach it, past the edge that lets only signed requests in; the endpoint when not set',
    ),
  PARLEY_S3_ACCESS_KEY: text('must be the access key of the bucket').min(3).describe('Access key'),
  PARLEY_S3_SECRET_KEY: text('must be the secret key of the bucket').min(8).describe('Secret key'),
  PARLEY_S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be a bucket name: 3 to 63 of a-z, 0-9, dot and hyphen')
    .default('parley')
    .describe('Made at the first start when it is not there'),
  PARLEY_S3_REGION: z.string().min(1).default('us-east-1').describe('Region, for the signatures'),
};

export const registrySettings = {
  PARLEY_CONSUL_URL: urlOf('must be a URL such as http://consul:8500', 'http', 'https')
    .default('http://127.0.0.1:8500')
    .describe('Where processes register and find each other: mostly the agent of the same machine'),
  PARLEY_CONSUL_TOKEN: z.string().default('').describe('ACL token, where Consul asks for one'),
  PARLEY_CONSUL_PREFIX: z
    .string()
    .regex(/^[a-z0-9-]{0,40}$/, 'must be up to 40 of a-z, 0-9 and hyphen')
    .default('parley-')
    .describe('Before the name of every service, where several Parleys share a registry'),
  PARLEY_INSTANCE: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,100}$/, 'must be up to 100 letters, digits, dots, underscores and hyphens')
    .optional()
    .describe('Name of this process among its replicas; made of service, host and process id when not set'),
  PARLEY_ADVERTISE_HOST: z
    .string()
    .regex(/^[A-Za-z0-9.:_-]+$/, 'must be a host name or an address')
    .optional()
    .describe(
      'Where the others reach this process; PARLEY_GRPC_HOST when not set, or the host name where that is 0.0.0.0',
    ),
  PARLEY_ADVERTISE_PORT: port(0).describe(
    'At which port they reach it, where a proxy or a published port of a container stands in between; 0: PARLEY_GRPC_PORT',
  ),
  PARLEY_ZONE: z.string().default('').describe('Calls prefer instances of the same zone'),
};

/** Certificates of the calls between services. All three, or none. */
export const tlsSettings = {
  PARLEY_GRPC_TLS_CA: z.string().optional().describe('File: who signs the certificates of all services (PEM)'),
  PARLEY_GRPC_TLS_CERT: z
    .string()
    .optional()
    .describe('File: certificate of this process, good as server and as client (PEM)'),
  PARLEY_GRPC_TLS_KEY: z.string().optional().describe('File: its key (PEM)'),
};

/** Known to everybody who can read. */
const DEFAULT_SECRETS = ['parley', 'parley-secret', 'minioadmin', 'password', 'secret', 'root', 'admin', 'guest', ''];

/** The variables, of those given, whose password is one of those that are tried first. */
export function defaultSecrets(settings: Readonly<Record<string, unknown>>): string[] {
  const passwordOf = (name: string) => URL.parse(String(settings[name]))?.password;
  const secrets: [name: string, secret: string | undefined][] = [
    ['PARLEY_MYSQL_URL', 'PARLEY_MYSQL_URL' in settings ? passwordOf('PARLEY_MYSQL_URL') : undefined],
    ['PARLEY_S3_SECRET_KEY', settings['PARLEY_S3_SECRET_KEY'] as string | undefined],
  ];
  return secrets.flatMap(([name, secret]) =>
    secret !== undefined && DEFAULT_SECRETS.includes(secret.toLowerCase()) ? [name] : [],
  );
}
