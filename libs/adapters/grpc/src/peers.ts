import type { ChannelCredentials, Metadata } from '@grpc/grpc-js';
import { Peer } from './peer.js';
import type { ServiceAddresses, ServiceInstance } from './service-addresses.js';

/** An instance that left the registry may still be answering, or come back at the next flap. */
const RETIRE_MS = 10_000;

/** One peer per instance, made when it is first needed, as the addresses come and go. */
export class Peers {
  private readonly byKey = new Map<string, Peer>();
  private readonly leaving = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly byService = new Map<string, { of: readonly ServiceInstance[]; peers: readonly Peer[] }>();

  constructor(
    private readonly addresses: ServiceAddresses,
    private readonly credentials: ChannelCredentials,
    private readonly metadata: () => Metadata,
  ) {}

  of(service: string): readonly Peer[] {
    const instances = this.addresses.of(service);
    const known = this.byService.get(service);
    if (known?.of === instances) return known.peers;
    const peers = instances.map((at) => this.peer(service, at));
    this.byService.set(service, { of: instances, peers });
    for (const before of known?.peers ?? []) if (!peers.includes(before)) this.retire(before);
    return peers;
  }

  /** Also one that left lately. */
  named(service: string, instance: string): readonly Peer[] {
    const current = this.of(service);
    if (current.some(({ at }) => at.instance === instance || at.instance === '')) return current;
    const at = this.addresses.lately(service).find((gone) => gone.instance === instance);
    if (at === undefined) return current;
    const peer = this.peer(service, at);
    this.retire(peer);
    return [peer];
  }

  all(): Iterable<Peer> {
    return this.byKey.values();
  }

  close(): void {
    for (const timer of this.leaving.values()) clearTimeout(timer);
    for (const peer of this.byKey.values()) peer.close();
    this.leaving.clear();
    this.byKey.clear();
    this.byService.clear();
  }

  private peer(service: string, at: ServiceInstance): Peer {
    const key = keyOf(service, at);
    clearTimeout(this.leaving.get(key));
    this.leaving.delete(key);
    let peer = this.byKey.get(key);
    if (peer === undefined) {
      peer = new Peer(service, at, this.credentials, this.metadata);
      this.byKey.set(key, peer);
    }
    return peer;
  }

  private retire(peer: Peer): void {
    const key = keyOf(peer.service, peer.at);
    clearTimeout(this.leaving.get(key));
    const timer = setTimeout(() => {
      this.leaving.delete(key);
      this.byKey.delete(key);
      peer.close();
    }, RETIRE_MS);
    timer.unref();
    this.leaving.set(key, timer);
  }
}

function keyOf(service: string, { instance, address, zone }: ServiceInstance): string {
  return [service, instance, address, zone].join(' ');
}
