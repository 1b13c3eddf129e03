import {
  type CallOptions,
  domainErrorFromWire,
  isRepeatable,
  outgoingCall,
  RpcClients,
  type ServiceClient,
  type ServiceDefinition,
  SERVICE_TOKEN_KEY,
} from '@parley/contracts/rpc';
import { DomainError } from '@parley/kernel';
import { type ChannelCredentials, credentials, Metadata } from '@grpc/grpc-js';
import { pick, routeOf } from './balancer.js';
import type { CallObserver } from './call-observer.js';
import { refuses } from './listener-probe.js';
import { nobody, type Peer, type PeerState } from './peer.js';
import { Peers } from './peers.js';
import { RetryBudget } from './retry-budget.js';
import { type ServiceAddresses, serviceOf } from './service-addresses.js';
import { TransportError } from './transport-error.js';
import { isBulk, unaryCall } from './unary-call.js';

export interface GrpcClientsOptions {
  addresses: ServiceAddresses;
  /** What proves to the other services that this is one of them. */
  serviceToken: string;
  /** Insecure when not given. */
  credentials?: ChannelCredentials;
  /** Where this process runs: balanced calls prefer instances of the same zone. */
  zone?: string;
  observer?: CallObserver;
  /** False: every call is a gRPC call of its own. For measurements. */
  callStream?: boolean;
}

/** One other process, as this one sees it. */
export interface PeerView {
  service: string;
  instance: string;
  address: string;
  breaker: PeerState;
  /** There is a connection, or none was needed yet. */
  reachable: boolean;
  inFlight: number;
  /** Calls without an answer on the call stream. */
  waiting: number;
}

type Method = ServiceDefinition[string];

interface Plan {
  readonly method: Method;
  readonly service: string;
  readonly payload: Buffer;
  readonly options: CallOptions;
  readonly traceparent: string | undefined;
  /** By `performance.now()`. */
  readonly deadline: number;
}

/**
 * Calls over gRPC, balanced over the instances that are known at the moment. A call that certainly was not begun goes to another instance
 * at once; one that may have been, only when it may be carried out twice and the budget has room. Never after the caller's deadline.
 */
export class GrpcClients extends RpcClients {
  private readonly clients = new Map<ServiceDefinition, ServiceClient<ServiceDefinition>>();
  private readonly budgets = new Map<string, RetryBudget>();
  private readonly peers: Peers;

  constructor(private readonly options: GrpcClientsOptions) {
    super();
    const metadata = () => {
      const shown = new Metadata();
      shown.set(SERVICE_TOKEN_KEY, options.serviceToken);
      return shown;
    };
    this.peers = new Peers(options.addresses, options.credentials ?? credentials.createInsecure(), metadata);
  }

  of<D extends ServiceDefinition>(service: D): ServiceClient<D> {
    let client = this.clients.get(service);
    if (client === undefined) {
      const methods = Object.entries(service).map(([name, method]) => [name, this.caller(method)]);
      client = Object.fromEntries(methods) as ServiceClient<ServiceDefinition>;
      this.clients.set(service, client);
    }
    return client as ServiceClient<D>;
  }

  override route(service: ServiceDefinition, key: string): string | undefined {
    const [method] = Object.values(service);
    return method === undefined ? undefined : routeOf(this.peers.of(serviceOf(method.path)), key);
  }

  override async isGone(definition: ServiceDefinition, instance?: string): Promise<boolean> {
    const service = serviceOf(Object.values(definition)[0]?.path ?? '');
    const { addresses } = this.options;
    const known = [...addresses.of(service), ...addresses.lately(service)];
    const asked = instance === undefined ? known : known.filter((at) => at.instance === instance || at.instance === '');
    const gone = await Promise.all(
      asked.map(async (at) => addresses.hasLeft(service, at.instance) || (await refuses(at.address))),
    );
    return gone.length > 0 && gone.every(Boolean);
  }

  /** The instances of a service that this process knows, for readiness and metrics. */
  view(): PeerView[] {
    return [...this.peers.all()].map(({ service, at, state, stream, inFlight }) => ({
      service,
      instance: at.instance,
      address: at.address,
      breaker: state,
      reachable: !stream.unreachable,
      inFlight,
      waiting: stream.depth,
    }));
  }

  /** Calls that wait fail with `server.unavailable`. */
  close(): void {
    this.peers.close();
  }

  private caller(method: Method): (request: never, options?: CallOptions) => Promise<never> {
    const service = serviceOf(method.path);
    return async (request, options = {}) => {
      const { timeoutMs, traceparent } = outgoingCall(options);
      const deadline = performance.now() + timeoutMs;
      if (options.instance === undefined && this.peers.of(service).length === 0) throw nobody(service);
      const payload = method.requestSerialize(request);
      const plan = { method, service, payload, options, traceparent, deadline };
      return method.responseDeserialize(asBuffer(await this.make(plan))) as never;
    };
  }

  private async make(plan: Plan): Promise<Uint8Array> {
    const { method, service, options } = plan;
    const budget = this.budgetOf(service);
    budget.earn();
    const tried: Peer[] = [];
    for (let last: unknown; ; ) {
      const peers =
        options.instance === undefined ? this.peers.of(service) : this.peers.named(service, options.instance);
      const peer = pick(peers, { ...options, tried }, this.options.zone ?? '');
      if (peer === undefined) throw last === undefined ? nobody(service, options.instance) : domainErrorFromWire(last);
      if (last !== undefined) this.options.observer?.retried?.(service);
      try {
        return await this.attempt(peer, plan);
      } catch (error) {
        if (!(error instanceof TransportError)) throw domainErrorFromWire(error);
        last = error;
        tried.push(peer);
        const repeatable = options.repeatable ?? isRepeatable(method.path);
        const again = !error.left || (repeatable && error.code !== 'CANCELLED' && budget.spend());
        if (!again || performance.now() >= plan.deadline) throw domainErrorFromWire(error);
      }
    }
  }

  private async attempt(peer: Peer, plan: Plan): Promise<Uint8Array> {
    const { service, at } = peer;
    const timeoutMs = plan.deadline - performance.now();
    try {
      const answer = await peer.attempt(timeoutMs, () => this.call(peer, plan, timeoutMs));
      this.options.observer?.ended?.(service, at.instance, 'ok');
      return answer;
    } catch (error) {
      this.note(peer, plan, error);
      throw error;
    }
  }

  private call(peer: Peer, { method, payload, traceparent }: Plan, timeoutMs: number): Promise<Uint8Array> {
    if (this.options.callStream !== false && !isBulk(method.path, payload))
      return peer.stream.call(method.path, payload, timeoutMs, traceparent);
    return unaryCall(peer, method.path, payload, { timeoutMs, traceparent, serviceToken: this.options.serviceToken });
  }

  private note({ service, at }: Peer, { method }: Plan, error: unknown): void {
    const { observer } = this.options;
    if (!(error instanceof TransportError)) {
      const outcome = DomainError.is(error) && error.code === 'server.busy' ? 'busy' : 'refused';
      observer?.ended?.(service, at.instance, outcome);
      return;
    }
    observer?.ended?.(service, at.instance, 'failed');
    observer?.failed?.({ method: method.path, address: at.address, code: error.code, details: error.message });
  }

  private budgetOf(service: string): RetryBudget {
    let budget = this.budgets.get(service);
    if (budget === undefined) {
      budget = new RetryBudget();
      this.budgets.set(service, budget);
    }
    return budget;
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
