import type { ServiceInstance } from '@parley/adapter-grpc';
import { KnownInstances } from './known-instances.js';
import { FollowedAddresses, type Registered, type Registration, ServiceRegistry } from './service-registry.js';

/** A registry for the processes of one test. */
export class InMemoryRegistry extends ServiceRegistry {
  private readonly entries = new Map<string, Registration>();
  private readonly followers = new Set<InMemoryAddresses>();

  async register(registration: Registration): Promise<Registered> {
    this.entries.set(registration.instance, registration);
    this.tell();
    return {
      deregister: async () => {
        this.entries.delete(registration.instance);
        this.tell();
      },
    };
  }

  follow(services: readonly string[]): FollowedAddresses {
    const follower = new InMemoryAddresses(services, () => this.followers.delete(follower));
    this.followers.add(follower);
    this.tell();
    return follower;
  }

  async check(): Promise<void> {
    // Always there.
  }

  private tell(): void {
    for (const follower of this.followers) follower.learn([...this.entries.values()]);
  }
}

const LATELY_MS = 60_000;

class InMemoryAddresses extends FollowedAddresses {
  private readonly known = new KnownInstances(LATELY_MS);

  constructor(
    private readonly services: readonly string[],
    private readonly onClose: () => void,
  ) {
    super();
  }

  learn(entries: readonly Registration[]): void {
    for (const service of this.services)
      this.known.learn(
        service,
        entries
          .filter((entry) => entry.service === service)
          .map(({ instance, address, zone }) => ({ instance, address, zone })),
      );
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
    // From the start.
  }

  close(): void {
    this.onClose();
  }
}
