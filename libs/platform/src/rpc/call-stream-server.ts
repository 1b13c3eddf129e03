import { FrameQueue } from '@parley/adapter-grpc';
import { type callStreamV1, type commonV1, domainErrorFromWire, toFailure } from '@parley/contracts/rpc';
import { DomainError } from '@parley/kernel';
import { Metadata, type ServerDuplexStream } from '@grpc/grpc-js';
import type { ServedMethods } from './served-methods.js';

type Call = ServerDuplexStream<callStreamV1.OpenRequest, callStreamV1.OpenResponse>;

/** Of one stream. Beyond them a call is answered `server.busy` at once. */
const MAX_CALLS = 4096;
const MAX_BYTES = 64 * 1024 * 1024;
const BUSY_RETRY_MS = 500;

const NOTHING = new Uint8Array();

/** The calls of one other process. ORDER: begun in the order in which they arrive. */
export class CallStreamServer {
  private readonly queue: FrameQueue<callStreamV1.AnswerFrame>;
  private inProgress = 0;
  private bytes = 0;
  private isEnding = false;
  private isOver = false;

  constructor(
    private readonly call: Call,
    private readonly served: ServedMethods,
    /** The process slept while its callers did not: what they asked for then must not happen now. */
    private readonly hasSlept: () => boolean,
    private readonly onOver: (stream: CallStreamServer) => void,
  ) {
    this.queue = new FrameQueue((answers) => call.write({ answers, draining: false }));
    call.on('data', ({ calls }: callStreamV1.OpenRequest) => this.take(calls));
    call.on('drain', () => this.drained());
    call.on('end', () => this.end());
    call.on('cancelled', () => this.over());
    call.on('error', () => this.over());
    // The other side sends nothing before: with this it knows that the stream is there and its credential was taken.
    call.sendMetadata(new Metadata());
    this.queue.release();
  }

  /** Calls in progress. */
  get depth(): number {
    return this.inProgress;
  }

  /** Says that whoever can should call another process. */
  draining(): void {
    if (!this.isOver) this.call.write({ answers: [], draining: true });
  }

  /** Begins no more calls, and ends the stream when those in progress are answered. */
  end(): void {
    this.isEnding = true;
    this.endWhenDone();
  }

  private take(calls: callStreamV1.CallFrame[]): void {
    if (this.isOver) return;
    if (this.hasSlept()) {
      this.over();
      this.call.destroy(new Error('This process was stopped for a while.'));
      return;
    }
    for (const frame of calls) this.begin(frame);
    // Its answers are not being read: it must not be able to make us keep more of them.
    if (this.queue.bytes > MAX_BYTES) this.call.pause();
  }

  private begin({ id, method, payload, timeoutMs, traceparent }: callStreamV1.CallFrame): void {
    if (this.isEnding || !this.served.has(method)) return this.answer(id, { notServed: true });
    const { length } = payload;
    if (this.inProgress >= MAX_CALLS || this.bytes + length > MAX_BYTES) return this.answer(id, { failure: busy() });
    this.inProgress += 1;
    this.bytes += length;
    const incoming = { timeoutMs, traceparent: traceparent === '' ? undefined : traceparent };
    this.handle(method, payload, incoming)
      .then(
        (answer) => this.answer(id, { payload: answer }),
        (error: unknown) => this.answer(id, { failure: toFailure(domainErrorFromWire(error)) }),
      )
      .finally(() => {
        this.inProgress -= 1;
        this.bytes -= length;
        if (this.isEnding) setImmediate(() => this.endWhenDone());
      });
  }

  /** Never throws before it answers a promise: a request that cannot be read fails as its handler would. */
  private async handle(...call: Parameters<ServedMethods['handle']>): Promise<Uint8Array> {
    return this.served.handle(...call);
  }

  private answer(id: number, answer: Partial<callStreamV1.AnswerFrame>): void {
    if (!this.isOver) this.queue.add({ id, payload: NOTHING, failure: undefined, notServed: false, ...answer });
  }

  private drained(): void {
    this.queue.release();
    if (this.call.isPaused()) this.call.resume();
    if (this.isEnding) setImmediate(() => this.endWhenDone());
  }

  private endWhenDone(): void {
    if (this.isOver || this.inProgress > 0) return;
    // Comes again when the last answers have been taken.
    if (this.queue.isEmpty) {
      this.over();
      this.call.end();
    }
  }

  private over(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.queue.block();
    this.queue.clear();
    this.onOver(this);
  }
}

function busy(): commonV1.Failure {
  return toFailure(new DomainError('server.busy', 'unavailable', { retryAfterMs: BUSY_RETRY_MS }));
}
