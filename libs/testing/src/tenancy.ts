import { Redis } from 'ioredis';
import { Kafka, logLevel } from 'kafkajs';
import { Client } from 'minio';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import type { Engines } from './engines.js';

/** A corner of its own on shared engines: names that nobody else uses, and a way to take all of it away again. */
export class Tenancy {
  private readonly name: string;

  constructor(
    name: string,
    private readonly engines: Omit<Engines, 'toxiproxy'>,
  ) {
    this.name = name.toLowerCase().replaceAll(/[^a-z0-9_]/g, '_');
  }

  /** The settings of every process in this corner. */
  env(): Record<string, string> {
    const { mysql, redis, kafka, s3, consul } = this.engines;
    return {
      PARLEY_PROFILE: 'distributed',
      PARLEY_MYSQL_URL: mysql.url,
      PARLEY_MYSQL_DATABASE_PREFIX: this.databases,
      PARLEY_KAFKA_BROKERS: kafka.brokers.join(','),
      PARLEY_KAFKA_TOPIC_PREFIX: this.topics,
      PARLEY_REDIS_URL: redis.url,
      PARLEY_REDIS_PREFIX: this.keys,
      PARLEY_S3_ENDPOINT: s3.endpoint,
      PARLEY_S3_PUBLIC_URL: s3.publicUrl,
      PARLEY_S3_ACCESS_KEY: s3.accessKey,
      PARLEY_S3_SECRET_KEY: s3.secretKey,
      PARLEY_S3_REGION: s3.region,
      PARLEY_S3_BUCKET: this.bucket,
      PARLEY_CONSUL_URL: consul.url,
      PARLEY_CONSUL_PREFIX: `${this.name.replaceAll('_', '-')}-`,
    };
  }

  get databases(): string {
    return `${this.name}_`;
  }

  get brokers(): string[] {
    return this.engines.kafka.brokers;
  }

  get topics(): string {
    return `${this.name}.`;
  }

  get keys(): string {
    return `${this.name}:`;
  }

  get bucket(): string {
    return this.name.replaceAll('_', '-');
  }

  async remove(): Promise<void> {
    await Promise.all([this.dropDatabases(), this.dropTopics(), this.dropKeys(), this.dropBucket()]);
  }

  private async dropDatabases(): Promise<void> {
    const connection = await createConnection(this.engines.mysql.url.replace(/^mariadb:/, 'mysql:'));
    const [rows] = await connection.query<RowDataPacket[]>('SHOW DATABASES');
    for (const { Database } of rows as { Database: string }[])
      if (Database.startsWith(this.databases)) await connection.query(`DROP DATABASE \`${Database}\``);
    await connection.end();
  }

  private async dropTopics(): Promise<void> {
    const kafka = new Kafka({ brokers: this.engines.kafka.brokers, logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(this.topics));
    if (topics.length > 0) await admin.deleteTopics({ topics });
    const { groups } = await admin.listGroups();
    const own = groups.map(({ groupId }) => groupId).filter((group) => group.startsWith(this.topics));
    if (own.length > 0) await admin.deleteGroups(own).catch(() => undefined);
    await admin.disconnect();
  }

  private async dropKeys(): Promise<void> {
    const redis = new Redis(this.engines.redis.url);
    for await (const keys of redis.scanStream({ match: `${this.keys}*`, count: 1000 }))
      if ((keys as string[]).length > 0) await redis.unlink(...(keys as string[]));
    redis.disconnect();
  }

  private async dropBucket(): Promise<void> {
    const { endpoint, accessKey, secretKey, region } = this.engines.s3;
    const { hostname, port, protocol } = new URL(endpoint);
    const client = new Client({
      endPoint: hostname,
      port: Number(port || (protocol === 'https:' ? 443 : 80)),
      useSSL: protocol === 'https:',
      accessKey,
      secretKey,
      region,
    });
    if (!(await client.bucketExists(this.bucket))) return;
    const names: string[] = [];
    for await (const item of client.listObjectsV2(this.bucket, '', true))
      names.push(String((item as { name: string }).name));
    await client.removeObjects(this.bucket, names);
    await client.removeBucket(this.bucket);
  }
}
