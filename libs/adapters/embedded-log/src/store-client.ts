import { DomainError } from '@parley/kernel';
import { Worker } from 'node:worker_threads';
import type {
  Progress,
  StoreAnswer,
  StoreBoot,
  StoreCall,
  StoredBatch,
  StoredRow,
  StoreOptions,
  StoreRequest,
  StoreState,
} from './protocol.js';

/** From sources Node runs the TypeScript file itself, from dist what became of it. */
const WORKER = new URL(`./log-store.worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

interface Waiting {
  resolve: (value: never) => void;
  reject: (error: DomainError) => void;
}

const unavailable = (message: string) => new DomainError('server.unavailable', 'unavailable', { message });

/** The store's methods as seen from the other side of the thread boundary. A dead thread fails every call, open and later ones. */
export class StoreClient {
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  private failed: DomainError | undefined;
  private closing = false;
  private opened = false;
  private readonly worker: Worker;
  private readonly ended: Promise<void>;

  private constructor(options: StoreOptions, onFailed: (error: Error) => void) {
    const workerData: StoreBoot = { parleyLogStore: true, options };
    // Flags of the parent, such as a loader's, mean nothing to a file without imports of ours.
    this.worker = new Worker(WORKER, {
      workerData,
      execArgv: [],
      name: 'parley-event-log',
      // Its garbage is short-lived and small; V8 would take ten times as much before it looks.
      resourceLimits: { maxYoungGenerationSizeMb: 16 },
    });
    this.worker.on('message', (answer: StoreAnswer) => this.settle(answer));
    this.worker.on('error', (error) => this.fail(`The event log has failed: ${String(error)}`));
    this.ended = new Promise((resolve) => {
      this.worker.once('exit', () => {
        this.fail(this.closing ? 'The event log is closed.' : 'The event log has ended.');
        if (!this.closing && this.opened) onFailed(this.failed as DomainError);
        resolve();
      });
    });
  }

  /** @param onFailed told once when the thread ends by itself after it was open; a failure to open rejects instead. */
  static async open(
    options: StoreOptions,
    onFailed: (error: Error) => void,
  ): Promise<{ store: StoreClient; state: StoreState }> {
    const store = new StoreClient(options, onFailed);
    const state = await new Promise<StoreState>((resolve, reject) => store.waiting.set(0, { resolve, reject }));
    store.opened = true;
    return { store, state };
  }

  append(batches: StoredBatch[]): Promise<number[]> {
    return this.call(
      { op: 'append', batches },
      batches.map((batch) => batch.body.buffer),
    );
  }

  read(topic: string, from: number, maxRecords: number): Promise<StoredRow[]> {
    return this.call({ op: 'read', topic, from, maxRecords });
  }

  join(group: string, topic: string): Promise<number> {
    return this.call({ op: 'join', group, topic });
  }

  record(progress: Progress[]): Promise<void> {
    return this.call({ op: 'record', progress });
  }

  async close(): Promise<void> {
    this.closing = true;
    if (this.failed === undefined) await this.call({ op: 'close' });
    await this.ended;
  }

  private call<T>(request: StoreRequest, moved: ArrayBuffer[] = []): Promise<T> {
    if (this.failed !== undefined) return Promise.reject(this.failed);
    this.lastId += 1;
    const call: StoreCall = { id: this.lastId, request };
    this.worker.postMessage(call, moved);
    return new Promise((resolve, reject) => this.waiting.set(call.id, { resolve, reject }));
  }

  private settle(answer: StoreAnswer): void {
    const waiting = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    if ('error' in answer) waiting?.reject(unavailable(answer.error));
    else waiting?.resolve(answer.result as never);
  }

  private fail(message: string): void {
    this.failed ??= unavailable(message);
    for (const waiting of this.waiting.values()) waiting.reject(this.failed);
    this.waiting.clear();
  }
}
