import { once } from 'node:events';
import { connect } from 'node:net';
import { OwnEngines, ParleyCluster, type ProcessName, type Service, Toxiproxy, type ToxicWay } from '@parley/testing';
import type { Cast } from '../ledger/cast.js';
import type { Random } from '../ledger/random.js';
import type { ServerUnderTest } from '../support/server-under-test.js';

/** Two of those that a message passes. */
const REPLICAS: Partial<Record<Service, number>> = {
  'api-gateway': 2,
  message: 2,
  delivery: 2,
  identity: 2,
  conversation: 2,
  presence: 2,
};
const SETTINGS = { PARLEY_ACCESS_TOKEN_SECONDS: '3600' };

/** Ways that a fault can make bad; all pass through toxiproxy. */
export interface Ways {
  mysql: ToxicWay;
  redis: ToxicWay;
  kafka: ToxicWay;
  /** To each process' gRPC. */
  to: Map<ProcessName, ToxicWay>;
  /** Of clients to each gateway. */
  clients: ToxicWay[];
}

/** A cluster on engines of its own, for faults to happen to. */
export class Stage {
  private turn = 0;

  private constructor(
    readonly cluster: ParleyCluster,
    readonly engines: OwnEngines,
    readonly ways: Ways | undefined,
    readonly edges: readonly string[],
  ) {}

  /** @param proxied with a proxy on every way: slower, and a killed engine looks like one that hangs up */
  static async set(proxied: boolean): Promise<Stage> {
    const engines = await OwnEngines.start('faults');
    try {
      return proxied ? await Stage.behindProxies(engines) : await Stage.direct(engines);
    } catch (error) {
      await engines.remove();
      throw error;
    }
  }

  private static async direct(engines: OwnEngines): Promise<Stage> {
    const cluster = await ParleyCluster.start({
      name: 'faults',
      replicas: REPLICAS,
      engines: engines.places,
      env: SETTINGS,
    });
    const edges = cluster.gateways.map(({ url }) => url);
    return new Stage(cluster, engines, undefined, edges);
  }

  private static async behindProxies(engines: OwnEngines): Promise<Stage> {
    const { mysql, redis, kafka, toxiproxy } = engines.places;
    const proxies = new Toxiproxy(toxiproxy.url);
    const to = new Map<ProcessName, ToxicWay>();
    const before = async (url: string) => {
      const way = await proxies.proxy(new URL(url).host);
      return { way, url: url.replace(/127\.0\.0\.1:\d+/, way.address) };
    };
    const [sql, cache, log] = [
      await before(mysql.url),
      await before(redis.url),
      await proxies.proxy(kafka.brokers[0] as string),
    ];
    await engines.kafkaBehind(log.port);
    const cluster = await ParleyCluster.start({
      name: 'faults',
      replicas: REPLICAS,
      engines: {
        ...engines.places,
        mysql: { url: sql.url },
        redis: { url: cache.url },
        kafka: { brokers: [log.address] },
      },
      env: SETTINGS,
      reachedAt: async (name, port) => {
        const way = await proxies.proxy(`127.0.0.1:${port}`);
        to.set(name, way);
        return way.port;
      },
    });
    const clients = await Promise.all(cluster.gateways.map(({ url }) => proxies.proxy(new URL(url).host)));
    const ways: Ways = { mysql: sql.way, redis: cache.way, kafka: log, to, clients };
    return new Stage(
      cluster,
      engines,
      ways,
      clients.map(({ address }) => `http://${address}`),
    );
  }

  /** For set-up: people of one run begin at different edges. */
  get server(): ServerUnderTest {
    const first = this.cluster.gateways[0];
    if (first === undefined) throw new Error('there is no gateway');
    const next = () => this.edges[this.turn++ % this.edges.length] as string;
    return new Proxy(first, { get: (target, key) => (key === 'url' ? next() : Reflect.get(target, key, target)) });
  }

  async emptyRedis(): Promise<void> {
    const { hostname, port } = new URL(this.engines.places.redis.url);
    const socket = connect(Number(port), hostname);
    socket.write('FLUSHALL\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    if (!answer.toString().startsWith('+OK')) throw new Error(`Redis answers ${answer.toString()}`);
  }

  async strike(): Promise<void> {
    await this.cluster.stop();
    this.cluster.discard();
    await this.engines.remove();
  }
}

/** What a scenario has to work with. */
export interface Scene {
  stage: Stage;
  cast: Cast;
  random: Random;
  isShort: boolean;
}
