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
    const { rest, errors } = this.parts;
    try {
      this.#show({ state: 'uploading' }, signal);
      const announced = await rest.call('POST /files', {
        body: {
          name,
          size: file.size,
          contentType: file.type === '' ? 'application/octet-stream' : file.type,
          ...(conversationId === undefined ? {} : { conversationId }),
        },
        idempotencyKey,
        signal,
      });
      if (announced.file.state !== 'ready') {
        // Loaded now: most pages never send a file.
        const { sendBytes } = await import('./send-bytes.js');
        await sendBytes({ ...this.parts, ...this.parts.platform }, file, announced, {
          signal,
          sent: (sent) => this.#show({ sent }, signal),
          arrived: () => {
            // It gets on: what failed before was not for good.
            this.#refusals = 0;
            this.#backoff.reset();
          },
        });
      }
      this.#show({ sent: file.size, state: 'checking' }, signal);
      const { fileId } = announced.file;
      const ready = await rest.call('POST /files/{fileId}/complete', { params: { fileId }, signal });
      if (signal.aborted) return;
      this.#show({ state: 'done' });
      this.#resolve(ready);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ParleyError) || error.code === 'file.not_uploaded') {
        // A refusal of the store, or the code for sending could not be loaded.
        this.#refusals += 1;
        if (this.#refusals >= REFUSALS) return this.#fail(errors('client.upload_failed'));
      } else if (!error.retryable) return this.#fail(error);
      await this.#aWhile((error as ParleyError).retryAfterMs ?? 0, signal);
    }
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
