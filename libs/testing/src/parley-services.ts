import { ParleyServer, type ParleyServerOptions } from './parley-server.js';
import { freePort } from './ports.js';
import { SERVICES, type Service } from './services.js';

/** The same product as eight processes that call each other over gRPC. */
export class ParleyServices {
  private constructor(private readonly processes: ReadonlyMap<Service, ParleyServer>) {}

  static async start(
    options: Pick<ParleyServerOptions, 'name' | 'env' | 'startWithinMs'> = {},
  ): Promise<ParleyServices> {
    const ports = await Promise.all(SERVICES.map(async (service) => [service, await freePort()] as const));
    const addresses = Object.fromEntries(
      ports.map(([service, port]) => [addressSetting(service), `127.0.0.1:${port}`]),
    );
    const objectsPort = String(await freePort());
    const started = ports.map(async ([service, port]) => {
      const server = await ParleyServer.start({
        startWithinMs: 60_000,
        ...options,
        name: `${options.name ?? 'services'}-${service}`,
        entry: `apps/${service}/dist/main.js`,
        env: { ...addresses, PARLEY_GRPC_PORT: String(port), PARLEY_OBJECTS_PORT: objectsPort, ...options.env },
      });
      return [service, server] as const;
    });
    const settled = await Promise.allSettled(started);
    const processes = new Map(settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
    const services = new ParleyServices(processes);
    const failed = settled.find((one) => one.status === 'rejected');
    if (failed === undefined) return services;
    await services.stop();
    throw failed.reason;
  }

  /** What clients talk to. */
  get gateway(): ParleyServer {
    return this.process('api-gateway');
  }

  process(service: Service): ParleyServer {
    const found = this.processes.get(service);
    if (found === undefined) throw new Error(`${service} was not started`);
    return found;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.processes.values()].map((server) => server.stop()));
  }

  /** Deletes data and logs; for stopped processes. */
  remove(): void {
    for (const server of this.processes.values()) server.remove();
  }
}

function addressSetting(service: Service): string {
  return `PARLEY_${service.replaceAll('-', '_').toUpperCase()}_ADDRESS`;
}
