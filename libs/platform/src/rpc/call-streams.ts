import type { callStreamV1 } from '@parley/contracts/rpc';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import { CallStreamServer } from './call-stream-server.js';
import type { ServedMethods } from './served-methods.js';

const TICK_MS = 500;
/** Callers give a silent process up within 3 s. Who did not run for longer has been given up, and what it is asked then is from before. */
const SLEPT_MS = 4000;

/** All streams of calls into this process. */
export class CallStreams {
  private readonly streams = new Set<CallStreamServer>();
  private lastTick = performance.now();
  private timer: ReturnType<typeof setInterval> | undefined;
  private sleptAt = -1;
  private isDraining = false;
  private isEnding = false;

  constructor(private readonly served: ServedMethods) {}

  /** Calls in progress. */
  get depth(): number {
    let depth = 0;
    for (const stream of this.streams) depth += stream.depth;
    return depth;
  }

  get size(): number {
    return this.streams.size;
  }

  readonly open = (call: ServerDuplexStream<callStreamV1.OpenRequest, callStreamV1.OpenResponse>): void => {
    this.watch();
    const openedAt = performance.now();
    const hasSlept = () => this.hasSleptSince(openedAt);
    const stream = new CallStreamServer(call, this.served, hasSlept, (over) => this.closed(over));
    this.streams.add(stream);
    if (this.isDraining) stream.draining();
    if (this.isEnding) stream.end();
  };

  draining(): void {
    this.isDraining = true;
    for (const stream of this.streams) stream.draining();
  }

  end(): void {
    this.isEnding = true;
    for (const stream of this.streams) stream.end();
  }

  /** Did this process stand still after that moment, at some time or right now? */
  private hasSleptSince(openedAt: number): boolean {
    const now = performance.now();
    if (now - this.lastTick > SLEPT_MS) this.sleptAt = now;
    return this.sleptAt > openedAt;
  }

  private watch(): void {
    if (this.timer !== undefined) return;
    this.lastTick = performance.now();
    this.timer = setInterval(() => {
      const now = performance.now();
      if (now - this.lastTick > SLEPT_MS) this.sleptAt = now;
      this.lastTick = now;
    }, TICK_MS);
    this.timer.unref();
  }

  private closed(stream: CallStreamServer): void {
    this.streams.delete(stream);
    if (this.streams.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }
}
