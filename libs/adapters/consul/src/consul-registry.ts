import { setTimeout as sleep } from 'node:timers/promises';
import { ConsulAddresses } from './consul-addresses.js';
import { type ConsulApi, consulApi, type ConsulService } from './consul-client.js';
import { type FollowedAddresses, type Registered, type Registration, ServiceRegistry } from './service-registry.js';

export interface ConsulRegistryOptions {
  /** e.g. `http://consul:8500`: the agent of this machine where there is one. */
  url: string;
  token?: string;
  /** Before the name of every service, where several Parleys share a Consul. */
  prefix?: string;
  /** Told when Consul does not answer, each time; work goes on without. */
  onTrouble?: (error: Error) => void;
}

/** Passed by the process itself, so that one that is frozen goes critical although its port still takes connections. */
const TTL = '6s';
const PASS_MS = 2000;
/** The shortest that Consul takes. */
const FORGET = '1m';
const RETRY_MS = 1000;

export class ConsulRegistry extends ServiceRegistry {
  private readonly api: ConsulApi;
  private readonly prefix: string;
  private readonly onTrouble: (error: Error) => void;

  constructor({ url, token = '', prefix = 'parley-', onTrouble = () => undefined }: ConsulRegistryOptions) {
    super();
    this.api = consulApi(url, token);
    this.prefix = prefix;
    this.onTrouble = onTrouble;
  }

  async register(registration: Registration): Promise<Registered> {
    const entry = new ConsulEntry(this.api, this.serviceOf(registration), this.onTrouble);
    await entry.put();
    return entry;
  }

  follow(services: readonly string[]): FollowedAddresses {
    return new ConsulAddresses(this.api, services, this.prefix, this.onTrouble);
  }

  async check(): Promise<void> {
    if ((await this.api.leader()) === '') throw new Error('Consul has no leader');
  }

  private serviceOf({ service, instance, address, version, zone, adminUrl }: Registration): ConsulService {
    const at = address.lastIndexOf(':');
    return {
      id: instance,
      name: `${this.prefix}${service}`,
      address: address.slice(0, at).replace(/^\[|\]$/g, ''),
      port: Number(address.slice(at + 1)),
      meta: { version, zone, adminUrl },
      check: { checkid: `alive:${instance}`, ttl: TTL, deregistercriticalserviceafter: FORGET, status: 'passing' },
    };
  }
}

/** One registered process: says at intervals that it lives, and registers again where Consul has lost it. */
class ConsulEntry implements Registered {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isOver = false;

  constructor(
    private readonly api: ConsulApi,
    private readonly service: ConsulService,
    private readonly onTrouble: (error: Error) => void,
  ) {}

  async put(): Promise<void> {
    for (;;)
      try {
        await this.api.register(this.service);
        break;
      } catch (error) {
        this.onTrouble(error as Error);
        await sleep(RETRY_MS);
      }
    this.later();
  }

  async deregister(): Promise<void> {
    this.isOver = true;
    clearTimeout(this.timer);
    try {
      await this.api.deregister(this.service.id);
    } catch (error) {
      this.onTrouble(error as Error);
    }
  }

  private later(): void {
    if (this.isOver) return;
    this.timer = setTimeout(() => void this.beat(), PASS_MS);
    this.timer.unref();
  }

  private async beat(): Promise<void> {
    try {
      await this.api.pass(this.service.check.checkid);
    } catch (error) {
      const { statusCode } = error as { statusCode?: number };
      // An answer, but not ours: a Consul that was restarted without its data does not know us.
      if (statusCode !== undefined && !this.isOver) await this.api.register(this.service).catch(this.onTrouble);
      else this.onTrouble(error as Error);
    }
    // ORDER: a registration that was under way while it was taken back must not stand.
    if (this.isOver) await this.deregister();
    else this.later();
  }
}
