import { resolve } from 'node:path';
import { type Engines, engine, ParleyCluster, ParleyServer, type Service } from '@parley/testing';
import { listenerOf } from './machine/listeners.js';
import { type Cost, costOf } from './machine/process-cost.js';

/** What is measured: processes that answer as one product. */
export interface Deployment {
  /** Public edges; sockets are spread over them. */
  urls: string[];
  /** Where what the bench keeps about it lies. */
  directory: string;
  /** What each part has used since its start; replicas of one service together. */
  costs(): ReadonlyMap<string, Cost>;
  /** For runs that kill parts: all processes of the distributed profile, or the one of the embedded. */
  cluster?: ParleyCluster;
  server?: ParleyServer;
  log(): string;
  stop(): Promise<void>;
  remove(): Promise<void>;
}

export interface DeploymentOptions {
  env: Record<string, string>;
  nodeArguments: string[];
}

export async function embedded(options: DeploymentOptions, directory: string | undefined): Promise<Deployment> {
  const server = await ParleyServer.start({
    name: 'bench',
    ...(directory === undefined ? {} : { directory: resolve(directory) }),
    startWithinMs: 60_000,
    ...options,
  });
  return {
    urls: [server.url],
    directory: server.directory,
    costs: () => new Map(server.isRunning ? [['server', costOf(server.pid)]] : []),
    server,
    log: () => server.log(),
    stop: () => server.stop(),
    remove: async () => server.remove(),
  };
}

export type Replicas = Partial<Record<Service, number>>;

export async function distributed(options: DeploymentOptions, replicas: Replicas): Promise<Deployment> {
  const cluster = await ParleyCluster.start({ name: 'bench', replicas, ...options });
  const engines = enginePids();
  return {
    urls: cluster.gateways.map((gateway) => gateway.url),
    directory: (cluster.gateways[0] as ParleyServer).directory,
    costs: () => costsOf(cluster, engines),
    cluster,
    log: () => cluster.names.map((name) => `== ${name}\n${cluster.process(name).log().slice(-1500)}`).join('\n'),
    stop: () => cluster.stop(),
    remove: () => cluster.remove(),
  };
}

/** The servers beside us, where they run on this machine. */
function enginePids(): Map<string, number> {
  const portOf = (url: string | undefined) => (url === undefined ? undefined : Number(new URL(url).port));
  const brokers = engine('kafka')?.brokers[0];
  const ports: [name: keyof Engines, port: number | undefined][] = [
    ['mysql', portOf(engine('mysql')?.url)],
    ['kafka', brokers === undefined ? undefined : Number(brokers.split(':').at(-1))],
    ['redis', portOf(engine('redis')?.url)],
    ['s3', portOf(engine('s3')?.endpoint)],
    ['consul', portOf(engine('consul')?.url)],
  ];
  return new Map(
    ports.flatMap(([name, port]) => {
      const pid = port === undefined ? undefined : listenerOf(port);
      return pid === undefined ? [] : [[name, pid]];
    }),
  );
}

function costsOf(cluster: ParleyCluster, engines: ReadonlyMap<string, number>): Map<string, Cost> {
  const costs = new Map<string, Cost>();
  const add = (name: string, { cpuMs, rssMiB }: Cost) => {
    const sum = costs.get(name) ?? { cpuMs: 0, rssMiB: 0 };
    costs.set(name, { cpuMs: sum.cpuMs + cpuMs, rssMiB: sum.rssMiB + rssMiB });
  };
  for (const name of cluster.names) {
    const server = cluster.process(name);
    if (server.isRunning) add(name.replace(/-\d+$/, ''), costOf(server.pid));
  }
  for (const [name, pid] of engines) add(name, costOf(pid));
  return costs;
}
