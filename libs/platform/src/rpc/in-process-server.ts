import type { InProcessBus } from '@parley/adapter-in-process';
import { Metadata } from '@grpc/grpc-js';
import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';

/** Binds the gRPC controllers of all modules in this process to the in-process bus: same controllers, same filter, no wire. */
export class InProcessServer extends Server implements CustomTransportStrategy {
  constructor(private readonly bus: InProcessBus) {
    super();
  }

  listen(started: () => void): void {
    for (const [pattern, handler] of this.messageHandlers) {
      const { service, rpc } = JSON.parse(pattern) as { service?: string; rpc?: string };
      if (service === undefined || rpc === undefined) continue;
      // Controllers are bound by their methods' names, calls by the proto's: `pushBatch` is `PushBatch`.
      this.bus.bind(`${service}/${rpc.charAt(0).toUpperCase()}${rpc.slice(1)}`, async (request) => {
        const answer: unknown = await handler(request, new Metadata());
        return isObservable(answer) ? lastValueFrom(answer) : answer;
      });
    }
    started();
  }

  close(): void {
    // Calls in flight end by themselves: there is no connection to break.
  }

  on(): void {
    // There are no connection events.
  }

  unwrap<T>(): T {
    return this.bus as T;
  }
}
