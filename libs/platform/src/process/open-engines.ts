import type { RedisStore } from '@parley/adapter-redis';
import type { SqlDatabase } from '@parley/adapter-sql';
import { type EventLog, topicPlans } from '@parley/contracts';
import { Logger } from '@nestjs/common';
import type { z } from 'zod';
import type { kafkaSettings, mysqlSettings, redisSettings } from '../config/engine-settings.js';
import type { ServiceName } from '../config/service-settings.js';
import type { Health, HealthCheck } from '../ops/health.js';

type Settings<S extends z.ZodRawShape> = z.output<z.ZodObject<S>>;
export type MysqlSettings = Settings<typeof mysqlSettings>;
export type KafkaSettings = Settings<typeof kafkaSettings>;
export type RedisSettings = Settings<typeof redisSettings>;

/**
 * The engines that one process has opened: how to ask after them, and how to close them, the last one first. Each waits until its
 * engine answers and says for what it waits. Drivers are loaded with the first engine that needs them: a process without tables
 * carries no database driver.
 */
export class OpenEngines {
  private readonly closers: (() => Promise<void> | void)[] = [];

  constructor(
    private readonly service: ServiceName,
    /** Name of this process among all. */
    private readonly instance: string,
    private readonly health: Health,
  ) {}

  async mysql(settings: MysqlSettings): Promise<SqlDatabase> {
    const { SqlDatabase } = await import('@parley/adapter-sql');
    const opening = SqlDatabase.openMysql({
      url: settings.PARLEY_MYSQL_URL,
      databasePrefix: settings.PARLEY_MYSQL_DATABASE_PREFIX,
      pool: settings.PARLEY_MYSQL_POOL,
      schema: this.service,
    });
    return this.keep('mysql', opening, {
      check: async (database) => void (await database.read.query('SELECT 1')),
      close: (database) => database.close(),
    });
  }

  /** @param vital false where the process works on without it: an outbox keeps what is to be published. */
  async kafka(settings: KafkaSettings, { vital = false } = {}): Promise<EventLog> {
    const { KafkaLog } = await import('@parley/adapter-kafka');
    const opening = KafkaLog.open({
      brokers: settings.PARLEY_KAFKA_BROKERS,
      clientId: this.instance,
      prefix: settings.PARLEY_KAFKA_TOPIC_PREFIX,
      replication: settings.PARLEY_KAFKA_REPLICATION,
      topics: topicPlans(),
      logger: new Logger('kafka'),
    });
    return this.keep('kafka', opening, { check: (log) => log.check(), close: (log) => log.close(), vital });
  }

  /** @param vital false where the process works on without it, and therefore starts without it. */
  async redis(settings: RedisSettings, { vital = true } = {}): Promise<RedisStore> {
    const { RedisStore } = await import('@parley/adapter-redis');
    const logger = new Logger('redis');
    const store = new RedisStore({
      url: settings.PARLEY_REDIS_URL,
      keyPrefix: settings.PARLEY_REDIS_PREFIX,
      log: (line) => logger.warn(line),
    });
    const ready = store.waitUntilReady().then(() => store);
    const opening = vital ? ready : Promise.resolve(store);
    return this.keep('redis', opening, { check: () => store.check(), close: () => store.close(), vital });
  }

  /** Waits for an engine; from then on says how it is, and closes it with the others. */
  async keep<T>(name: string, opening: Promise<T>, { check, close, vital = true }: Care<T>): Promise<T> {
    this.health.add(name, () => Promise.reject(new Error('not reached yet')));
    const engine = await opening;
    this.health.add(name, () => check(engine), vital);
    this.closers.push(() => close(engine));
    return engine;
  }

  async close(): Promise<void> {
    for (const close of this.closers.splice(0).reverse()) await close();
  }
}

export interface Care<T> {
  check: (engine: T) => ReturnType<HealthCheck>;
  close: (engine: T) => Promise<void> | void;
  /** False where work goes on without it. */
  vital?: boolean;
}
