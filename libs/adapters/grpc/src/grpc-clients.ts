import {
  RpcClients,
  type CallOptions,
  domainErrorFromWire,
  type ServiceClient,
  type ServiceDefinition,
  SERVICE_TOKEN_KEY,
  wasRefused,
} from '@parley/contracts/rpc';
import {
  type ChannelCredentials,
  type ChannelOptions,
  Client,
  credentials,
  Metadata,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { type ServiceAddresses, serviceOf } from './service-addresses.js';

export interface GrpcClientsOptions {
  addresses: ServiceAddresses;
  /** What proves to the other services that this is one of them. */
  serviceToken: string;
  /** Insecure when not given. */
  credentials?: ChannelCredentials;
  /** Told of calls that failed on the way, not of those that were refused by a service. */
  onTransportFailure?: (failure: { method: string; address: string; code: string; details: string }) => void;
}

type Method = ServiceDefinition[string];
type Caller = (request: never, options?: CallOptions) => Promise<never>;

const DEFAULT_TIMEOUT_MS = 5000;

/** The largest message either way. A page of 1000 events of 16 KiB has to fit. */
export const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

const CHANNEL: ChannelOptions = {
  'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
  'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
  // A peer that was frozen or cut off without a goodbye is noticed within 15 s, while calls wait and between them.
  'grpc.keepalive_time_ms': 10_000,
  'grpc.keepalive_timeout_ms': 5000,
  'grpc.keepalive_permit_without_calls': 1,
  // Found again soon after its restart.
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 2000,
  'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
  'grpc.service_config_disable_resolution': 1,
};

/**
 * Calls over gRPC: one channel per address, opened at the first call and kept. Nothing is repeated here: only the caller knows
 * whether its call may be made twice.
 */
export class GrpcClients extends RpcClients {
  private readonly channels = new Map<string, Client>();
  private readonly clients = new Map<ServiceDefinition, ServiceClient<ServiceDefinition>>();
  private readonly credentials: ChannelCredentials;

  constructor(private readonly options: GrpcClientsOptions) {
    super();
    this.credentials = options.credentials ?? credentials.createInsecure();
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

  /** Calls that wait fail with `server.unavailable`. */
  close(): void {
    for (const channel of this.channels.values()) channel.close();
    this.channels.clear();
  }

  private caller(method: Method): Caller {
    const service = serviceOf(method.path);
    return async (request, options = {}) => {
      const address = this.options.addresses.pick(service, options.instance);
      try {
        return await this.call(address, method, request, options);
      } catch (error) {
        if (!wasRefused(error)) this.report(method, address, error);
        throw domainErrorFromWire(error);
      }
    };
  }

  private call(address: string, method: Method, request: never, options: CallOptions): Promise<never> {
    return new Promise((resolve, reject) => {
      this.channel(address).makeUnaryRequest(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        request,
        this.metadata(options),
        { deadline: Date.now() + (options.timeoutMs ?? DEFAULT_TIMEOUT_MS) },
        (error, response) => (error === null ? resolve(response as never) : reject(error)),
      );
    });
  }

  private report({ path }: Method, address: string, error: unknown): void {
    const { code, details, message } = error as Partial<ServiceError>;
    this.options.onTransportFailure?.({
      method: path,
      address,
      code: code === undefined ? 'UNKNOWN' : status[code],
      details: details ?? message ?? '',
    });
  }

  private metadata({ traceparent }: CallOptions): Metadata {
    const metadata = new Metadata();
    metadata.set(SERVICE_TOKEN_KEY, this.options.serviceToken);
    if (traceparent !== undefined) metadata.set('traceparent', traceparent);
    return metadata;
  }

  private channel(address: string): Client {
    let channel = this.channels.get(address);
    if (channel === undefined) {
      channel = new Client(address, this.credentials, CHANNEL);
      this.channels.set(address, channel);
    }
    return channel;
  }
}
