import type { AnswerOf, FileInfo } from '../api.js';
import { type ErrorMaker, ParleyError } from '../errors.js';
import { State } from '../observable.js';
import type { Platform } from '../platform/platform.js';
import type { Rest } from '../ports.js';
import { Backoff } from '../realtime/backoff.js';
import type { Upload, UploadProgress } from '../types.js';
import type { Put, Ticket } from './put.js';

type Announced = AnswerOf<'POST /files'>;

export interface TaskParts {
  rest: Rest;
  platform: Platform;
  errors: ErrorMaker;
  put: Put;
  /** URLs of the store may be relative to the server. */
  base: string;
}

export interface FileToSend {
  file: Blob;
  name: string;
  conversationId?: string;
  idempotencyKey: string;
}

const PARTS_AT_ONCE = 3;
/** What the store refuses with new URLs, too, it refuses for good. */
const REFUSALS = 4;

class Refused extends Error {}

/** One file on its way: announce, send what is missing, complete; and from the beginning whenever something in between failed, which repeats nothing that is there. */
export class UploadTask implements Upload {
  readonly done: Promise<FileInfo>;
  private readonly state: State<UploadProgress>;
  private readonly backoff: Backoff;
  private resolve!: (file: FileInfo) => void;
  private reject!: (error: ParleyError) => void;
  private running: AbortController | undefined;
  private refusals = 0;
  private wake = () => {};

  constructor(
    private readonly parts: TaskParts,
    private readonly what: FileToSend,
    /** Runs it when its turn comes. */
    private readonly enqueue: (task: UploadTask) => void,
  ) {
    this.state = new State<UploadProgress>({ sent: 0, total: what.file.size, state: 'waiting' });
    this.backoff = new Backoff(parts.platform.clockwork);
    this.done = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    // Who only looks at the progress has nothing to catch.
    this.done.catch(() => undefined);
    enqueue(this);
  }

  get value(): UploadProgress {
    return this.state.value;
  }

  subscribe(listener: (value: UploadProgress) => void): () => void {
    return this.state.subscribe(listener);
  }

  pause(): void {
    if (this.over || this.value.state === 'paused') return;
    this.show({ state: 'paused' });
    this.running?.abort();
  }

  resume(): void {
    if (this.value.state !== 'paused') return;
    this.show({ state: 'waiting' });
    this.enqueue(this);
  }

  cancel(): void {
    this.fail(this.parts.errors('client.cancelled'));
    this.running?.abort();
  }

  /** By the queue. Resolves when it is done, failed, or paused. */
  async run(): Promise<void> {
    if (this.value.state !== 'waiting' || this.running !== undefined) return;
    const running = new AbortController();
    this.running = running;
    const stopListening = this.parts.platform.on((event) => {
      if (event === 'online' || event === 'wake') this.wake();
    });
    try {
      while (!running.signal.aborted && !this.over) await this.attempt(running.signal);
    } finally {
      stopListening();
      this.running = undefined;
    }
  }

  private get over(): boolean {
    return this.value.state === 'done' || this.value.state === 'failed';
  }

  private async attempt(signal: AbortSignal): Promise<void> {
    const { file, name, conversationId, idempotencyKey } = this.what;
    const { rest, errors } = this.parts;
    try {
      this.show({ state: 'uploading' }, signal);
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
      if (announced.file.state !== 'ready') await this.send(announced, signal);
      this.show({ sent: file.size, state: 'checking' }, signal);
      const { fileId } = announced.file;
      const ready = await rest.call('POST /files/{fileId}/complete', { params: { fileId }, signal });
      if (signal.aborted) return;
      this.show({ state: 'done' });
      this.resolve(ready);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Refused || (error as ParleyError).code === 'file.not_uploaded') {
        this.refusals += 1;
        if (this.refusals >= REFUSALS) return this.fail(errors('client.upload_failed'));
      } else if (!(error instanceof ParleyError) || !error.retryable)
        return this.fail(error instanceof ParleyError ? error : errors('client.upload_failed'));
      await this.aWhile((error as ParleyError).retryAfterMs ?? 0, signal);
    }
  }

  private async send({ upload, multipart }: Announced, signal: AbortSignal): Promise<void> {
    const { file } = this.what;
    if (upload !== undefined) return this.put(upload, file, signal, (sent) => this.show({ sent }, signal));
    if (multipart === undefined) return;
    const { parts, partSize } = multipart;
    let there = file.size - parts.reduce((sum, { size }) => sum + size, 0);
    const onTheWay = new Map<number, number>();
    const show = () => this.show({ sent: [...onTheWay.values()].reduce((sum, sent) => sum + sent, there) }, signal);
    show();
    const waiting = [...parts];
    const failed = new AbortController();
    const either = AbortSignal.any([signal, failed.signal]);
    const worker = async () => {
      for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
        const { number, size } = part;
        const start = (number - 1) * partSize;
        await this.put(part, file.slice(start, start + size), either, (sent) => {
          onTheWay.set(number, sent);
          show();
        });
        onTheWay.delete(number);
        there += size;
        // It gets on: what failed before was not for good.
        this.refusals = 0;
        this.backoff.reset();
      }
    };
    const workers = Array.from({ length: PARTS_AT_ONCE }, () =>
      worker().catch((error: unknown) => {
        failed.abort();
        throw error;
      }),
    );
    await Promise.all(workers).finally(() => Promise.allSettled(workers));
  }

  private async put(ticket: Ticket, bytes: Blob, signal: AbortSignal, progress: (sent: number) => void): Promise<void> {
    const url = new URL(ticket.url, this.parts.base).href;
    const status = await this.parts.put({ ...ticket, url }, bytes, signal, progress);
    // 409: this ticket was used, so the bytes are there. Completing finds out.
    if (status < 300 || status === 409) return;
    if (status >= 500 || status === 408 || status === 429) throw this.parts.errors('client.offline', { status });
    // Expired, say: the next announcement brings new URLs.
    throw new Refused();
  }

  /** Until it is time to try again, or the network is back. */
  private aWhile(atLeastMs: number, signal: AbortSignal): Promise<void> {
    const { clockwork } = this.parts.platform;
    return new Promise((resolve) => {
      const end = () => {
        stop();
        signal.removeEventListener('abort', end);
        this.wake = () => {};
        resolve();
      };
      const stop = clockwork.after(atLeastMs + this.backoff.next(), end);
      signal.addEventListener('abort', end);
      this.wake = end;
    });
  }

  private fail(error: ParleyError): void {
    if (this.over) return;
    this.show({ state: 'failed' });
    this.reject(error);
  }

  private show(change: Partial<UploadProgress>, signal?: AbortSignal): void {
    if (signal?.aborted || this.over) return;
    this.state.update((value) => ({ ...value, ...change }));
  }
}
