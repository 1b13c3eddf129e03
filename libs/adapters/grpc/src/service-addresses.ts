import { DomainError } from '@parley/kernel';

/** The service that answers a method: `/parley.media_signal.v1.CallService/Invite` → `media-signal`. */
export function serviceOf(path: string): string {
  const segment = path.split('.')[1] ?? '';
  return segment === 'gateway' ? 'api-gateway' : segment.replaceAll('_', '-');
}

/**
 * Where services answer at this moment. Asked before every call, so an answer comes from memory; a registry behind it keeps the
 * last known addresses while it cannot be reached.
 */
export abstract class ServiceAddresses {
  /**
   * `host:port` for one call. Without `instance` any instance does, and who answers here spreads the calls.
   * Throws `server.unavailable` when nobody (or not that instance) is known.
   */
  abstract pick(service: string, instance?: string): string;
}

/**
 * Addresses from settings. An address may stand for many: a name that resolves to several hosts is balanced by the channel.
 * Where no instance has an address of its own, the service is taken to be the one instance, whatever it calls itself.
 */
export class StaticAddresses extends ServiceAddresses {
  constructor(
    private readonly services: Readonly<Record<string, string>>,
    private readonly instances: Readonly<Record<string, Readonly<Record<string, string>>>> = {},
  ) {
    super();
  }

  pick(service: string, instance?: string): string {
    const named = this.instances[service];
    const address = instance === undefined || named === undefined ? this.services[service] : named[instance];
    if (address !== undefined) return address;
    throw new DomainError('server.unavailable', 'unavailable', {
      message: `No address is known for ${instance === undefined ? service : `this instance of ${service}`}.`,
    });
  }
}
