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

export interface CallOptions {
  /** The call fails with `server.unavailable` after this many milliseconds. Default 5000. */
  timeoutMs?: number;
  /** W3C trace context to pass on. */
  traceparent?: string;
  /** One instance, for calls that are not balanced (a gateway node). */
  instance?: string;
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
}

/** Metadata key of the secret that services show each other on every call. */
export const SERVICE_TOKEN_KEY = 'x-parley-service-token';
