import type { ServiceInstance } from '@parley/adapter-grpc';
import type { ConsulApi, HealthEntry } from './consul-client.js';
import { KnownInstances } from './known-instances.js';
import { FollowedAddresses } from './service-registry.js';

/** Longer than any gateway that is cut off goes on by itself (core/gateway, the lease of what identity said). */
export const LATELY_MS = 60_000;

/** Follows services with one blocking query each. Consul may be away for any time: what was known stays. */
export class ConsulAddresses extends FollowedAddresses {
  private readonly known = new KnownInstances(LATELY_MS);
  private readonly ends: (() => void)[];
  private readonly firsts: Promise<void>[] = [];

  constructor(api: ConsulApi, services: readonly string[], prefix: string, onTrouble: (error: Error) => void) {
    super();
    this.ends = services.map((service) => {
      let first = () => {};
      this.firsts.push(
        new Promise((resolve) => {
          first = resolve;
        }),
      );
      const learn = (entries: HealthEntry[]) => {
        const ailing = entries.filter((entry) => !isHealthy(entry)).map(({ Service }) => Service.ID);
        this.known.learn(service, entries.filter(isHealthy).map(instanceOf), ailing);
        first();
      };
      return api.watch(`${prefix}${service}`, learn, onTrouble);
    });
  }

  of(service: string): readonly ServiceInstance[] {
    return this.known.of(service);
  }

  override lately(service: string): readonly ServiceInstance[] {
    return this.known.lately(service);
  }

  override hasLeft(service: string, instance: string): boolean {
    return this.known.hasLeft(service, instance);
  }

  isKnown(service: string): boolean {
    return this.known.isKnown(service);
  }

  async ready(): Promise<void> {
    await Promise.all(this.firsts);
  }

  close(): void {
    for (const end of this.ends) end();
  }
}

function isHealthy({ Checks }: HealthEntry): boolean {
  return Checks.every(({ Status }) => Status === 'passing');
}

function instanceOf({ Service: { ID, Address, Port, Meta } }: HealthEntry): ServiceInstance {
  const host = Address.includes(':') ? `[${Address}]` : Address;
  return { instance: ID, address: `${host}:${Port}`, zone: Meta?.['zone'] ?? '' };
}
