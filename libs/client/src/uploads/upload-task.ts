import type { FileInfo } from '../api.js';
import { type ErrorMaker, ParleyError } from '../errors.js';
import { State } from '../observable.js';
import type { Platform } from '../platform/platform.js';
import type { Rest } from '../ports.js';
import { Backoff } from '../realtime/backoff.js';
import type { Upload, UploadProgress } from '../types.js';

export interface TaskParts {
  rest: Rest;
  platform: Platform;
  errors: ErrorMaker;
  /** URLs of the store may be relative to the server. */
  base: string;
}

export interface FileToSend {
  file: Blob;
  name: string;
  conversationId?: string;
  idempotencyKey: string;
}

/** What the store refuses with new URLs, too, it refuses for good. */
const REFUSALS = 4;

/** One file on its way: announce, send what is missing, complete; and from the beginning whenever something in between failed, which repeats nothing that is there. */
export class UploadTask implements Upload {
  readonly done: Promise<FileInfo>;
  readonly #state: State<UploadProgress>;
  readonly #backoff: Backoff;
  #resolve!: (file: FileInfo) => void;
  #reject!: (error: ParleyError) => void;
  #running: AbortController | undefined;
  #refusals = 0;
  /** Of its key, once it is sent as bytes of no type. */
  #raw = '';
  #wake = () => {};

  constructor(
    private readonly parts: TaskParts,
    private readonly what: FileToSend,
    /** Runs it when its turn comes. */
    private readonly enqueue: (task: UploadTask) => void,
  ) {
    this.#state = new State<UploadProgress>({ sent: 0, total: what.file.size, state: 'waiting' });
    this.#backoff = new Backoff(parts.platform.clockwork);
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Who only looks at the progress has nothing to catch.
    this.done.catch(() => undefined);
    enqueue(this);
  }

  get value(): UploadProgress {
    return this.#state.value;
  }

  subscribe(listener: (value: UploadProgress) => void): () => void {
    return this.#state.subscribe(listener);
  }

  pause(): void {
    if (this.#over || this.value.state === 'paused') return;
    this.#show({ state: 'paused' });
    this.#running?.abort();
  }

  resume(): void {
    if (this.value.state !== 'paused') return;
    this.#show({ state: 'waiting' });
    this.enqueue(this);
  }

  cancel(): void {
    this.#fail(this.parts.errors('client.cancelled'));
    this.#running?.abort();
  }

  /** By the queue. Resolves when it is done, failed, or paused. */
  async run(): Promise<void> {
    if (this.value.state !== 'waiting' || this.#running !== undefined) return;
    const running = new AbortController();
    this.#running = running;
    const stopListening = this.parts.platform.on((event) => {
      if (event === 'online' || event === 'wake') this.#wake();
    });
    try {
      while (!running.signal.aborted && !this.#over) await this.#attempt(running.signal);
    } finally {
      stopListening();
      this.#running = undefined;
    }
  }

  get #over(): boolean {
    return this.value.state === 'done' || this.value.state === 'failed';
  }

  async #attempt(signal: AbortSignal): Promise<void> {
    const { file, name, conversationId, idempotencyKey } = this.what;
    const { rest } = this.parts;
    try {
      this.#show({ state: 'uploading' }, signal);
      const announced = await rest.call('POST /files', {
        body: {
          name,
          size: file.size,
          contentType: (!this.#raw && file.type) || 'application/octet-stream',
          ...(conversationId === undefined ? {} : { conversationId }),
        },
        idempotencyKey: idempotencyKey + this.#raw,
        signal,
      });
      // Loaded now: most pages never send a file.
      const { sendFile } = await import('./send-bytes.js');
      const ready = await sendFile({ ...this.parts, ...this.parts.platform }, file, announced, {
        signal,
        show: (change) => this.#show(change, signal),
        arrived: () => {
          // It gets on: what failed before was not for good.
          this.#refusals = 0;
          this.#backoff.reset();
        },
      });
      if (signal.aborted) return;
      this.#show({ state: 'done' });
      this.#resolve(ready);
    } catch (error) {
      if (signal.aborted) return;
      // Named after what it is not: it is sent all the same, as some file.
      if ((error as ParleyError).code === 'file.type_mismatch' && !this.#raw) this.#raw = '-raw';
      else await this.#failed(error, signal);
    }
  }

  async #failed(error: unknown, signal: AbortSignal): Promise<void> {
    if (!(error instanceof ParleyError) || error.code === 'file.not_uploaded') {
      // A refusal of the store, or the code for sending could not be loaded.
      this.#refusals += 1;
      if (this.#refusals >= REFUSALS) return this.#fail(this.parts.errors('client.upload_failed'));
    } else if (!error.retryable) return this.#fail(error);
    await this.#aWhile((error as ParleyError).retryAfterMs ?? 0, signal);
  }

  /** Until it is time to try again, or the network is back. */
  #aWhile(atLeastMs: number, signal: AbortSignal): Promise<void> {
    const { clockwork } = this.parts.platform;
    return new Promise((resolve) => {
      const end = () => {
        stop();
        signal.removeEventListener('abort', end);
        this.#wake = () => {};
        resolve();
      };
      const stop = clockwork.after(atLeastMs + this.#backoff.next(), end);
      signal.addEventListener('abort', end);
      this.#wake = end;
    });
  }

  #fail(error: ParleyError): void {
    if (this.#over) return;
    this.#show({ state: 'failed' });
    this.#reject(error);
  }

  #show(change: Partial<UploadProgress>, signal?: AbortSignal): void {
    if (signal?.aborted || this.#over) return;
    this.#state.update((value) => ({ ...value, ...change }));
  }
}
