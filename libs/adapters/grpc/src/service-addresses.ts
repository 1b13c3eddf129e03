/** The service that answers a method: `/parley.media_signal.v1.CallService/Invite` → `media-signal`. */
export function serviceOf(path: string): string {
  const segment = path.split('.')[1] ?? '';
  return segment === 'gateway' ? 'api-gateway' : segment.replaceAll('_', '-');
}

export interface ServiceInstance {
  /** Name of the process. Empty: the only one, whatever it calls itself. */
  instance: string;
  /** `host:port`; unique among the instances of a service. */
  address: string;
  /** Where it runs; empty where nobody says. */
  zone: string;
}

const NONE: readonly ServiceInstance[] = [];

/**
 * Where services answer at this moment. Asked before every call, so an answer comes from memory, and is the same array until something
 * changes; a registry behind it keeps the last known addresses while it cannot be reached.
 */
export abstract class ServiceAddresses {
  /** The instances that take calls. Empty where none is known. */
  abstract of(service: string): readonly ServiceInstance[];

  /** Instances that took calls until a while ago. Asked by name only: frozen or cut off, they may still hold sockets. */
  lately(_service: string): readonly ServiceInstance[] {
    return NONE;
  }

  /** True of one of the `lately` instances that went by itself, in order. */
  hasLeft(_service: string, _instance: string): boolean {
    return false;
  }
}

/**
 * Addresses from settings. An address may stand for many: a name that resolves to several hosts is balanced by the channel.
 * Where no instance has an address of its own, the service is taken to be the one instance, whatever it calls itself.
 */
export class StaticAddresses extends ServiceAddresses {
  private readonly known = new Map<string, readonly ServiceInstance[]>();

  constructor(
    services: Readonly<Record<string, string>>,
    instances: Readonly<Record<string, Readonly<Record<string, string>>>> = {},
  ) {
    super();
    for (const [service, address] of Object.entries(services))
      this.known.set(service, [{ instance: '', address, zone: '' }]);
    for (const [service, named] of Object.entries(instances))
      this.known.set(
        service,
        Object.entries(named).map(([instance, address]) => ({ instance, address, zone: '' })),
      );
  }

  of(service: string): readonly ServiceInstance[] {
    return this.known.get(service) ?? NONE;
  }
}
