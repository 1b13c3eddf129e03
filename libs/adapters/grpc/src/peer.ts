import { DomainError } from '@parley/kernel';
import { type ChannelCredentials, type ChannelOptions, Client, Metadata } from '@grpc/grpc-js';
import {
  circuitBreaker,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhen,
} from 'cockatiel';
import { CallStream } from './call-stream.js';
import type { ServiceInstance } from './service-addresses.js';
import { TransportError } from './transport-error.js';

/** The largest message either way. A page of 1000 events of 16 KiB has to fit. */
export const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/** Failures on the way, one after the other, until an instance is left alone. */
const FAILURES = 3;
/** A deadline shorter than this says more about the caller than about the instance. */
const TELLING_TIMEOUT_MS = 300;
const PROBE_AFTER = { initialDelay: 300, maxDelay: 2000 };
const PROBE_TIMEOUT_MS = 1000;

const CHANNEL: ChannelOptions = {
  'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
  'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
  // A process that was frozen, or cut off without a goodbye, is noticed within 3 s, while calls wait and between them.
  'grpc.keepalive_time_ms': 1000,
  'grpc.keepalive_timeout_ms': 2000,
  'grpc.keepalive_permit_without_calls': 1,
  // Found again soon after its restart.
  'grpc.initial_reconnect_backoff_ms': 50,
  'grpc.max_reconnect_backoff_ms': 1000,
  // With the 64 KiB of the protocol, one large answer would take a round trip for each of them.
  'grpc-node.flow_control_window': 1024 * 1024,
  'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
  'grpc.service_config_disable_resolution': 1,
};

const HEALTH = '/grpc.health.v1.Health/Check';

export type PeerState = 'closed' | 'open' | 'half_open';

/** One process that answers calls: its connection, what is under way, and whether it is worth asking. */
export class Peer {
  readonly client: Client;
  readonly stream: CallStream;
  inFlight = 0;
  private readonly breaker: CircuitBreakerPolicy;
  private probing: ReturnType<typeof setTimeout> | undefined;
  private isClosed = false;

  constructor(
    readonly service: string,
    readonly at: ServiceInstance,
    credentials: ChannelCredentials,
    metadata: () => Metadata,
  ) {
    this.client = new Client(at.address, credentials, CHANNEL);
    this.stream = new CallStream(this.client, metadata);
    this.breaker = circuitBreaker(
      handleWhen((error) => error instanceof TransportError && error.blamesInstance),
      { halfOpenAfter: new ExponentialBackoff(PROBE_AFTER), breaker: new ConsecutiveBreaker(FAILURES) },
    );
    this.breaker.onBreak(() => this.probeLater());
  }

  get state(): PeerState {
    if (this.breaker.state === CircuitState.Closed) return 'closed';
    return this.breaker.state === CircuitState.Open ? 'open' : 'half_open';
  }

  /** 0: ask it. 1: ask it if there is no better. 2: do not ask it. */
  get rank(): 0 | 1 | 2 {
    if (this.breaker.state !== CircuitState.Closed) return 2;
    return this.stream.unreachable || this.stream.draining ? 1 : 0;
  }

  /** Makes one attempt, and learns from it. */
  async attempt<T>(timeoutMs: number, call: () => Promise<T>): Promise<T> {
    this.inFlight += 1;
    try {
      return timeoutMs < TELLING_TIMEOUT_MS ? await call() : await this.breaker.execute(call);
    } finally {
      this.inFlight -= 1;
    }
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.probing);
    this.stream.close();
    this.client.close();
  }

  /** Nobody's call is used to find out: health is asked for until there is an answer, whatever it says. */
  private probeLater(): void {
    if (this.isClosed) return;
    clearTimeout(this.probing);
    this.probing = setTimeout(() => void this.probe(), PROBE_AFTER.initialDelay);
    this.probing.unref();
  }

  private async probe(): Promise<void> {
    try {
      await this.breaker.execute(() => this.askHealth());
    } catch {
      // Still open, or open again, which schedules the next by itself.
      if (this.breaker.state === CircuitState.Open) this.probeLater();
    }
  }

  private askHealth(): Promise<void> {
    this.stream.open();
    return new Promise((resolve, reject) => {
      const deadline = Date.now() + PROBE_TIMEOUT_MS;
      const serialize = () => Buffer.alloc(0);
      this.client.makeUnaryRequest(
        HEALTH,
        serialize,
        (bytes) => bytes,
        null,
        new Metadata(),
        { deadline },
        (error) => {
          if (error === null) resolve();
          else reject(new TransportError('UNAVAILABLE', error.details, false));
        },
      );
    });
  }
}

/** No instance is known, or none is worth asking. */
export function nobody(service: string, instance?: string): DomainError {
  return new DomainError('server.unavailable', 'unavailable', {
    message:
      instance === undefined
        ? `No instance of ${service} can be asked.`
        : `This instance of ${service} cannot be asked.`,
  });
}
