import { ServiceAddresses } from '@parley/adapter-grpc';

/** One process, as the others find it. */
export interface Registration {
  service: string;
  /** Unique among all processes; a process that comes back under the same name takes the place of the one before. */
  instance: string;
  /** `host:port` of its gRPC server, as others reach it. */
  address: string;
  version: string;
  /** Empty where nobody says. */
  zone: string;
  /** Where its health and metrics are; empty where they are nobody's business. */
  adminUrl: string;
}

export interface Registered {
  /** The others stop calling it within a second or so. Never throws: what the registry is not told, it finds out. */
  deregister(): Promise<void>;
}

/** The instances of some services, followed in the background until closed. */
export abstract class FollowedAddresses extends ServiceAddresses {
  /** Resolves when the registry has answered for every service. */
  abstract ready(): Promise<void>;
  /** Has the registry ever answered for this service? Before, an empty list means nothing. */
  abstract isKnown(service: string): boolean;
  abstract close(): void;
}

/**
 * Where processes say that they are there, and find each other. One that is frozen, cut off or dead leaves the lists within 10 s, without its
 * doing; one that says so leaves at once.
 */
export abstract class ServiceRegistry {
  /** Resolves when the others can find it; waits while the registry is away. It is put back when the registry forgets it. */
  abstract register(registration: Registration): Promise<Registered>;
  /** While the registry is away or has forgotten everything, the last known instances stay. */
  abstract follow(services: readonly string[]): FollowedAddresses;
  /** Rejects when the registry does not answer. Nothing but news depends on it. */
  abstract check(): Promise<void>;
}
