import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { GrpcClients } from '@parley/adapter-grpc';
import { ConsulRegistry, type FollowedAddresses, type Registered } from '@parley/adapter-consul';
import type { EventLog } from '@parley/contracts';
import type { ServiceDefinition } from '@parley/contracts/rpc';
import { Logger } from '@nestjs/common';
import { CALLS, type ServiceName, type ServiceProcessSettings, serviceTokenOf } from '../config/service-settings.js';
import { openAdminServer } from '../ops/admin-server.js';
import { Health } from '../ops/health.js';
import { logFromTheStart } from '../ops/logging.js';
import { gauge, gauges } from '../ops/metrics.js';
import { GrpcServer } from '../rpc/grpc-server.js';
import { grpcTls } from '../rpc/grpc-tls.js';
import { watchNeighbours } from '../rpc/neighbours.js';
import { serviceClients } from '../rpc/service-clients.js';
import { OpenEngines } from './open-engines.js';
import { quietly } from './quietly.js';
import type { ServiceHost } from './service-process.js';
import { VERSION } from './version.js';

/** A process of the distributed profile: what it has before its service is built, and how it comes and goes. */
export interface ClusterProcess extends ServiceHost {
  health: Health;
  server: GrpcServer;
  rpc: GrpcClients;
  addresses: FollowedAddresses;
  /** Its lag is a metric from now on. */
  watch(log: EventLog): void;
  /** Says to everybody that this process takes work. */
  open(): Promise<void>;
  /** Takes it back; what has begun goes on. */
  drain(): Promise<void>;
  /** When the service has stopped. */
  leave(): Promise<void>;
}

/** How long the others may take to see that this process takes no more calls. */
const NOTICED_MS = 500;

/** The admin port is open first: while an engine is waited for, `/healthz` says that the process lives and `/readyz` for what it waits. */
export async function enterCluster(
  service: ServiceName,
  settings: ServiceProcessSettings,
  answers: readonly ServiceDefinition[],
): Promise<ClusterProcess> {
  const startedAt = performance.now();
  const instance = `${settings.PARLEY_INSTANCE ?? `${service}-${hostname()}`}.${randomBytes(3).toString('hex')}`;
  logFromTheStart(settings.PARLEY_LOG_LEVEL, process.stdout.isTTY);
  const health = new Health();
  const admin = await openAdminServer(health, settings.PARLEY_ADMIN_PORT, settings.PARLEY_ADMIN_HOST);
  const engines = new OpenEngines(service, instance, health);
  const registry = registryOf(settings);
  health.add('consul', () => registry.check(), false);
  const addresses = registry.follow(CALLS[service]);
  const rpc = serviceClients(settings, addresses);
  watchNeighbours(
    health,
    rpc,
    addresses,
    CALLS[service].filter((other) => other !== service),
  );
  const { PARLEY_GRPC_HOST: host, PARLEY_GRPC_PORT: port } = settings;
  const credentials = grpcTls(settings)?.server;
  const server = new GrpcServer({
    host,
    port,
    serviceToken: serviceTokenOf(settings),
    services: answers,
    ...(credentials === undefined ? {} : { credentials }),
  });
  gauge('parley_calls_in_progress', 'Calls of other processes that are being handled', () => server.depth);
  let registered: Registered | undefined;
  return {
    engines,
    instance,
    addresses,
    health,
    server,
    rpc,
    watch(log) {
      gauges('parley_event_log_lag', 'Records not yet handled', ['group', 'topic'], async () =>
        (await log.lag()).map(({ group, topic, records }) => ({ labels: { group, topic }, value: records })),
      );
    },
    async open() {
      health.serving();
      server.serving();
      registered = await registry.register({
        service,
        instance,
        address: advertised(settings),
        version: VERSION,
        zone: settings.PARLEY_ZONE,
        adminUrl: `http://${settings.PARLEY_ADMIN_HOST}:${settings.PARLEY_ADMIN_PORT}`,
      });
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      process.stdout.write(`Parley ${service} is ready (${seconds} s): gRPC at ${host}:${port} as ${instance}\n`);
    },
    async drain() {
      health.draining();
      await registered?.deregister();
      await new Promise((resolve) => setTimeout(resolve, NOTICED_MS));
      server.draining();
    },
    async leave() {
      rpc.close();
      addresses.close();
      await engines.close();
      await admin.close();
    },
  };
}

function registryOf(settings: ServiceProcessSettings): ConsulRegistry {
  const logger = new Logger('registry');
  const tell = quietly((line) => logger.warn(line));
  return new ConsulRegistry({
    url: settings.PARLEY_CONSUL_URL,
    token: settings.PARLEY_CONSUL_TOKEN,
    prefix: settings.PARLEY_CONSUL_PREFIX,
    onTrouble: ({ message }) =>
      tell(
        'consul',
        `Consul at ${settings.PARLEY_CONSUL_URL} does not answer (${message}); the last known addresses are used.`,
      ),
  });
}

const EVERYWHERE = ['0.0.0.0', '::'];

function advertised(settings: ServiceProcessSettings): string {
  const { PARLEY_ADVERTISE_HOST, PARLEY_ADVERTISE_PORT, PARLEY_GRPC_HOST, PARLEY_GRPC_PORT } = settings;
  const host = PARLEY_ADVERTISE_HOST ?? (EVERYWHERE.includes(PARLEY_GRPC_HOST) ? hostname() : PARLEY_GRPC_HOST);
  return `${host.includes(':') ? `[${host}]` : host}:${PARLEY_ADVERTISE_PORT || PARLEY_GRPC_PORT}`;
}
