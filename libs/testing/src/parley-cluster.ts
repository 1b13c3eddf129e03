import { randomBytes } from 'node:crypto';
import { type Engines, engine } from './engines.js';
import { eventually } from './eventually.js';
import { ParleyServer } from './parley-server.js';
import { freePort } from './ports.js';
import { SERVICES, type Service } from './services.js';
import { Tenancy } from './tenancy.js';
import { TopicTap } from './topic-tap.js';

export interface ClusterOptions {
  /** Part of the folders' names. */
  name: string;
  /** One of each where nothing is said. */
  replicas?: Partial<Record<Service, number>>;
  /** Settings of every process, on top of those that name the engines. */
  env?: Record<string, string>;
  nodeArguments?: string[];
  /** Other ways to the engines, e.g. past a proxy that cuts them. */
  engines?: Partial<Engines>;
  /** Says at which port of this machine the others reach a process, when it is not its own: that of a proxy. */
  reachedAt?: (name: ProcessName, grpcPort: number) => Promise<number>;
}

/** Every process of one service, by number: `message-1`, `message-2`. */
export type ProcessName = `${Service}-${number}`;

/** The distributed profile: separate processes, each service as often as is asked, on the real engines and with databases of its own. */
export class ParleyCluster {
  private constructor(
    private readonly processes: Map<ProcessName, ParleyServer>,
    private readonly tenancy: Tenancy,
  ) {}

  static async start(options: ClusterOptions): Promise<ParleyCluster> {
    const tenancy = new Tenancy(`${options.name}_${randomBytes(3).toString('hex')}`, reachable(options.engines));
    const names = SERVICES.flatMap((service) =>
      Array.from({ length: options.replicas?.[service] ?? 1 }, (_, i) => [service, `${service}-${i + 1}`] as const),
    );
    const started = names.map(async ([service, name]) => {
      const grpcPort = await freePort();
      const reachedAt = await options.reachedAt?.(name as ProcessName, grpcPort);
      const server = await ParleyServer.start({
        startWithinMs: 90_000,
        name: `${options.name}-${name}`,
        entry: `apps/${service}/dist/main.js`,
        ...(options.nodeArguments === undefined ? {} : { nodeArguments: options.nodeArguments }),
        env: {
          ...tenancy.env(),
          PARLEY_INSTANCE: name,
          PARLEY_GRPC_PORT: String(grpcPort),
          ...(reachedAt === undefined ? {} : { PARLEY_ADVERTISE_PORT: String(reachedAt) }),
          ...options.env,
        },
      });
      return [name as ProcessName, server] as const;
    });
    const settled = await Promise.allSettled(started);
    const cluster = new ParleyCluster(
      new Map(settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))),
      tenancy,
    );
    const failed = settled.find((one) => one.status === 'rejected');
    if (failed === undefined) {
      await cluster.acquainted();
      return cluster;
    }
    await cluster.stop();
    await cluster.remove();
    throw failed.reason;
  }

  /** Resolves when every process is ready and reaches all that it depends on, the others included. */
  async acquainted(deadlineMs = 60_000): Promise<void> {
    const isWhole = async (server: ParleyServer) => {
      const answer = await fetch(`${server.adminUrl}/readyz`);
      return answer.ok && !((await answer.json()) as { degraded: boolean }).degraded;
    };
    await Promise.all(
      [...this.processes].map(([name, server]) =>
        eventually(`${name} reaches the others`, () => isWhole(server), { deadlineMs, everyMs: 100 }),
      ),
    );
  }

  /** What clients talk to. */
  get gateways(): ParleyServer[] {
    return this.of('api-gateway');
  }

  of(service: Service): ParleyServer[] {
    return [...this.processes].flatMap(([name, server]) => (name.startsWith(`${service}-`) ? [server] : []));
  }

  get names(): ProcessName[] {
    return [...this.processes.keys()];
  }

  process(name: ProcessName): ParleyServer {
    const found = this.processes.get(name);
    if (found === undefined) throw new Error(`there is no process ${name}`);
    return found;
  }

  /** A topic of this cluster. */
  topic(name: string): TopicTap {
    return new TopicTap(this.tenancy.brokers, `${this.tenancy.topics}${name}`);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.processes.values()].map((server) => server.stop()));
  }

  /** Deletes logs and folders, where the engines are deleted as well; for stopped processes. */
  discard(): void {
    for (const server of this.processes.values()) server.remove();
  }

  /** Deletes logs, databases, topics, keys and objects; for stopped processes. */
  async remove(): Promise<void> {
    this.discard();
    await this.tenancy.remove();
  }
}

function reachable(over: Partial<Engines> = {}): Omit<Engines, 'toxiproxy'> {
  const need = <K extends keyof Engines>(name: K): Engines[K] => {
    const found = over[name] ?? engine(name);
    if (found === undefined) throw new Error(`${name} is not up: npm run stack -- up`);
    return found;
  };
  return { mysql: need('mysql'), redis: need('redis'), kafka: need('kafka'), s3: need('s3'), consul: need('consul') };
}
