import {
  RpcClients,
  type CallOptions,
  domainErrorFromWire,
  handlingCall,
  outgoingCall,
  type ServiceClient,
  type ServiceDefinition,
} from '@parley/contracts/rpc';
import { DomainError } from '@parley/kernel';

/** A bound method: takes the request object as the caller made it, answers the response object. Neither side changes it afterwards. */
export type InProcessHandler = (request: unknown) => Promise<unknown>;

/**
 * Calls between services of one process: the generated contracts without a wire. Errors take the same road as over gRPC
 * (thrown as wire errors by the server side, rebuilt here), so both profiles show the same error.
 */
export class InProcessBus extends RpcClients {
  private readonly handlers = new Map<string, InProcessHandler>();
  private readonly clients = new Map<ServiceDefinition, ServiceClient<ServiceDefinition>>();

  /** @param method `<Service>/<Method>`, e.g. `MessageService/AppendBatch`. */
  bind(method: string, handler: InProcessHandler): void {
    this.handlers.set(method, handler);
  }

  of<D extends ServiceDefinition>(service: D): ServiceClient<D> {
    let client = this.clients.get(service);
    if (client === undefined) {
      client = Object.fromEntries(
        Object.entries(service).map(([name, method]) => [name, this.caller(method.path)]),
      ) as ServiceClient<ServiceDefinition>;
      this.clients.set(service, client);
    }
    return client as ServiceClient<D>;
  }

  private caller(path: string) {
    const method = path.slice(path.lastIndexOf('.') + 1);
    return async (request: unknown, options: CallOptions = {}): Promise<never> => {
      const call = outgoingCall(options);
      const handler = this.handlers.get(method);
      if (handler === undefined)
        throw new DomainError('server.unavailable', 'unavailable', { message: `${method} is not served here.` });
      try {
        return (await within(
          call.timeoutMs,
          handlingCall(call, () => handler(request)),
        )) as never;
      } catch (error) {
        throw domainErrorFromWire(error);
      }
    };
  }
}

/** As over a wire: the caller stops waiting, the work goes on. */
async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('deadline')), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
