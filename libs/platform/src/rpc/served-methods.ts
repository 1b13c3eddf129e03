import { handlingCall, type IncomingCall, type ServiceDefinition } from '@parley/contracts/rpc';
import { Metadata, type sendUnaryData, type ServerUnaryCall, type UntypedServiceImplementation } from '@grpc/grpc-js';

type UnaryHandler = (call: ServerUnaryCall<unknown, unknown>, callback: sendUnaryData<unknown>) => void;
type Method = ServiceDefinition[string];

const DEFAULT_TIMEOUT_MS = 60_000;

/**
 * The handlers that Nest has made of the controllers, by the path of their method, so that the call stream reaches the same ones as calls of
 * gRPC: same controllers, same filter. Whichever way a call comes, it is handled within its deadline and trace.
 */
export class ServedMethods {
  private readonly methods = new Map<string, { method: Method; handler: UnaryHandler }>();

  /** What is to be served in place of `implementation`. */
  add(definition: ServiceDefinition, implementation: UntypedServiceImplementation): UntypedServiceImplementation {
    const wrapped: UntypedServiceImplementation = { ...implementation };
    for (const [name, method] of Object.entries(definition)) {
      // As grpc-js looks for it: controllers are bound by either name.
      const key = name in implementation ? name : method.path.slice(method.path.lastIndexOf('/') + 1);
      const handler = implementation[key] as UnaryHandler | undefined;
      if (handler === undefined) continue;
      this.methods.set(method.path, { method, handler });
      wrapped[key] = (call: ServerUnaryCall<unknown, unknown>, callback: sendUnaryData<unknown>) => {
        const traceparent = call.metadata.get('traceparent')[0];
        const incoming = {
          timeoutMs: timeoutOf(call.getDeadline()),
          traceparent: typeof traceparent === 'string' ? traceparent : undefined,
        };
        handlingCall(incoming, () => answerOf(handler, call)).then(
          (answer) => callback(null, answer),
          (error: unknown) => callback(error as Error),
        );
      };
    }
    return wrapped;
  }

  has(path: string): boolean {
    return this.methods.has(path);
  }

  /** Handles a call that came by another way. Throws when the request cannot be read; rejects as the handler does. */
  handle(path: string, payload: Uint8Array, incoming: IncomingCall): Promise<Uint8Array> {
    const served = this.methods.get(path);
    if (served === undefined) throw new Error(`${path} is not served here.`);
    const { method, handler } = served;
    const request = method.requestDeserialize(payload as Buffer);
    const call = { request, metadata: new Metadata() } as ServerUnaryCall<unknown, unknown>;
    return handlingCall(incoming, async () => method.responseSerialize((await answerOf(handler, call)) as never));
  }
}

function answerOf(handler: UnaryHandler, call: ServerUnaryCall<unknown, unknown>): Promise<unknown> {
  return new Promise((resolve, reject) =>
    handler(call, (error, answer) => (error === null || error === undefined ? resolve(answer) : reject(error))),
  );
}

/** Calls without a deadline come from none of us. */
function timeoutOf(deadline: Date | number): number {
  const left = Number(deadline) - Date.now();
  return Number.isFinite(left) ? Math.max(0, left) : DEFAULT_TIMEOUT_MS;
}
