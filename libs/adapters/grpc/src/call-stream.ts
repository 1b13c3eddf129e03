import { callStreamV1, failureToError } from '@parley/contracts/rpc';
import { DomainError } from '@parley/kernel';
import { type Client, type ClientDuplexStream, type Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { FrameQueue } from './frame-queue.js';
import { TransportError } from './transport-error.js';

/** Beyond these a caller is told `server.busy` at once, so that a peer that does not keep up costs no more memory. */
const MAX_CALLS = 10_000;
const MAX_QUEUED_BYTES = 64 * 1024 * 1024;
const BUSY_RETRY_MS = 500;
/** A call waits this long for a connection, then it may go elsewhere. */
const OPEN_WAIT_MS = 2000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1000;

const NO_CONNECTION = new TransportError('UNAVAILABLE', 'There is no connection.', false);

type Stream = ClientDuplexStream<callStreamV1.OpenRequest, callStreamV1.OpenResponse>;

interface Waiting {
  resolve: (payload: Uint8Array) => void;
  reject: (error: Error) => void;
  timer: ReturnType<typeof setTimeout>;
  /** Written to the stream: it may have been carried out. */
  left: boolean;
}

/**
 * Unary calls over one stream to one process, opened at the first call and held open. When it breaks, the calls that wait fail and it
 * is opened again, sooner at first; so whoever picks an instance knows without trying whether it is there.
 */
export class CallStream {
  private readonly waiting = new Map<number, Waiting>();
  private readonly queue: FrameQueue<callStreamV1.CallFrame>;
  private stream: Stream | undefined;
  private state: 'idle' | 'opening' | 'open' | 'pausing' | 'closed' = 'idle';
  private openers: { resolve: () => void; reject: (error: TransportError) => void }[] = [];
  private lastError = NO_CONNECTION;
  private lastId = 0;
  private pauseMs = FIRST_PAUSE_MS;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** The last attempt to reach it failed, or it went away. */
  unreachable = false;
  /** It asked to be left alone as far as possible. */
  draining = false;

  constructor(
    private readonly client: Client,
    private readonly metadata: () => Metadata,
  ) {
    this.queue = new FrameQueue((frames) => this.write(frames));
  }

  /** Calls without an answer. */
  get depth(): number {
    return this.waiting.size;
  }

  get isOpen(): boolean {
    return this.state === 'open';
  }

  /** Rejects with `TransportError` for what went wrong on the way, with `DomainError` for what the other side refused. */
  call(method: string, payload: Uint8Array, timeoutMs: number, traceparent = ''): Promise<Uint8Array> {
    if (this.waiting.size >= MAX_CALLS || this.queue.bytes > MAX_QUEUED_BYTES)
      return Promise.reject(new DomainError('server.busy', 'unavailable', { retryAfterMs: BUSY_RETRY_MS }));
    if (this.state === 'closed' || this.state === 'pausing') return Promise.reject(this.away());
    this.open();
    this.lastId = (this.lastId + 1) >>> 0;
    const id = this.lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.fail(id, late(this.waiting.get(id))), timeoutMs);
      this.waiting.set(id, { resolve, reject, timer, left: false });
      this.queue.add({ id, method, payload, timeoutMs: Math.ceil(timeoutMs), traceparent });
    });
  }

  /** Resolves when there is a connection; for calls that go beside the stream. Rejects as `call` does when there is none. */
  async opened(): Promise<void> {
    if (this.state === 'open') return;
    if (this.state === 'closed' || this.state === 'pausing') throw this.away();
    this.open();
    await new Promise<void>((resolve, reject) => this.openers.push({ resolve, reject }));
  }

  /** Opens the stream where it is not. */
  open(): void {
    if (this.state !== 'idle') return;
    this.state = 'opening';
    const { path, requestSerialize, responseDeserialize } = callStreamV1.CallStreamServiceService.open;
    const stream = this.client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, this.metadata());
    this.stream = stream;
    this.timer = setTimeout(() => this.broken(stream, NO_CONNECTION), OPEN_WAIT_MS);
    stream.once('metadata', () => this.accepted(stream));
    stream.on('data', (message: callStreamV1.OpenResponse) => this.answered(message));
    stream.on('drain', () => this.queue.release());
    stream.on('error', (error: ServiceError) =>
      this.broken(stream, new TransportError(status[error.code], error.details, true)),
    );
    // In order: it began none of what it did not answer.
    stream.on('end', () => this.broken(stream, NO_CONNECTION));
  }

  /** Calls that wait fail. */
  close(): void {
    const stream = this.stream;
    this.state = 'closed';
    clearTimeout(this.timer);
    this.failAll(() => this.away());
    this.stream = undefined;
    stream?.cancel();
  }

  private accepted(stream: Stream): void {
    if (stream !== this.stream || this.state !== 'opening') return;
    clearTimeout(this.timer);
    this.state = 'open';
    this.unreachable = false;
    this.draining = false;
    this.pauseMs = FIRST_PAUSE_MS;
    this.queue.release();
    for (const { resolve } of this.openers.splice(0)) resolve();
  }

  private write(frames: callStreamV1.CallFrame[]): boolean {
    // Who stopped waiting is not brought over.
    const calls = frames.filter(({ id }) => this.waiting.has(id));
    if (calls.length === 0) return true;
    for (const { id } of calls) (this.waiting.get(id) as Waiting).left = true;
    return (this.stream as Stream).write({ calls });
  }

  private answered({ answers, draining }: callStreamV1.OpenResponse): void {
    if (draining) this.draining = true;
    for (const { id, payload, failure, notServed } of answers) {
      const call = this.waiting.get(id);
      // Too late: nobody waits any more.
      if (call === undefined) continue;
      this.waiting.delete(id);
      clearTimeout(call.timer);
      if (notServed) call.reject(new TransportError('UNIMPLEMENTED', 'The call is not served there.', false));
      else if (failure !== undefined) call.reject(failureToError(failure));
      else call.resolve(payload);
    }
  }

  private broken(stream: Stream, error: TransportError): void {
    if (stream !== this.stream) return;
    this.stream = undefined;
    clearTimeout(this.timer);
    stream.on('error', ignore);
    stream.cancel();
    const wasOpen = this.state === 'open';
    this.lastError = error;
    this.state = 'pausing';
    this.unreachable = true;
    this.queue.block();
    this.queue.clear();
    this.failAll(({ left }) => new TransportError(error.code, error.message, error.left && left && wasOpen));
    // Full jitter would let a restarted service be found late; a little keeps many from coming at one moment.
    this.timer = setTimeout(() => this.again(), this.pauseMs * (0.75 + Math.random() / 2));
    this.timer.unref();
    this.pauseMs = Math.min(LONGEST_PAUSE_MS, this.pauseMs * 2);
  }

  private again(): void {
    if (this.state !== 'pausing') return;
    this.state = 'idle';
    this.open();
  }

  private fail(id: number, error: Error): void {
    const call = this.waiting.get(id);
    if (call === undefined) return;
    this.waiting.delete(id);
    clearTimeout(call.timer);
    call.reject(error);
  }

  private failAll(errorOf: (call: Waiting) => TransportError): void {
    const calls = [...this.waiting.values()];
    this.waiting.clear();
    for (const call of calls) {
      clearTimeout(call.timer);
      call.reject(errorOf(call));
    }
    for (const { reject } of this.openers.splice(0)) reject(this.away());
  }

  private away(): TransportError {
    return new TransportError(this.lastError.code, this.lastError.message, false);
  }
}

function late(call: Waiting | undefined): TransportError {
  return new TransportError('DEADLINE_EXCEEDED', 'No answer before the deadline.', call?.left === true);
}

function ignore(): void {
  // The end of a stream that was given up has nothing more to say.
}
