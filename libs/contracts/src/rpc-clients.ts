/** One unary method as the generated `…ServiceService` constants describe it. */
interface MethodDefinition {
  path: string;
  requestSerialize: (value: never) => Buffer;
  requestDeserialize: (bytes: Buffer) => unknown;
  responseSerialize: (value: never) => Buffer;
  responseDeserialize: (bytes: Buffer) => unknown;
}

/** A generated service constant, e.g. `messageV1.MessageServiceService`. */
export type ServiceDefinition = Record<string, MethodDefinition>;

/** How long a call may take when its caller does not say. */
export const DEFAULT_TIMEOUT_MS = 5000;

export interface CallOptions {
  /** The call fails with `server.unavailable` after this many milliseconds. Default 5000. Never longer than the call that is being handled may take. */
  timeoutMs?: number;
  /** W3C trace context to pass on. Default: that of the call that is being handled. */
  traceparent?: string;
  /** One instance and no other, for calls that are not balanced (a gateway node). */
  instance?: string;
  /** Calls with the same key go to the same instance while the instances stay the same. For batching only: correctness never rests on it. */
  key?: string;
  /** This instance if it can be had, otherwise another. */
  prefer?: string;
  /** May be carried out twice, so that it is made again elsewhere when its answer was lost. Default: what `isRepeatable` says of the method. */
  repeatable?: boolean;
}

type Request<M> = M extends { requestDeserialize: (bytes: Buffer) => infer Q } ? Q : never;
type Response<M> = M extends { responseDeserialize: (bytes: Buffer) => infer R } ? R : never;

/** Promise methods for every call of a service. They throw `DomainError` and nothing else. */
export type ServiceClient<D extends ServiceDefinition> = {
  readonly [K in keyof D]: (request: Request<D[K]>, options?: CallOptions) => Promise<Response<D[K]>>;
};

/** Calls to other services. The answer of `of` is cheap to keep and to share. */
export abstract class RpcClients {
  abstract of<D extends ServiceDefinition>(service: D): ServiceClient<D>;

  /** The instance that calls with this key go to at this moment; undefined where there is but one, or none is known. */
  route(_service: ServiceDefinition, _key: string): string | undefined {
    return undefined;
  }

  /**
   * Is it certain that no process of this service (or not this instance) is left to answer? True where every address that is known refuses
   * connections, or the instance said goodbye; silence proves nothing. Takes half a second at most.
   */
  async isGone(_service: ServiceDefinition, _instance?: string): Promise<boolean> {
    return false;
  }
}

/** Metadata key of the secret that services show each other on every call. */
export const SERVICE_TOKEN_KEY = 'x-parley-service-token';
