import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import {
  type Candidates,
  type IndexedPart,
  type IndexProgress,
  MessageSearchIndex,
  type SearchScope,
} from '@parley/core-message';
import { DomainError } from '@parley/kernel';
import type { SearchRequest } from './search-worker.js';
import { SqliteSearchIndex } from './sqlite-search-index.js';

// As the writer of the log: loaded as JavaScript also where this file runs from source.
const FROM_SOURCE = import.meta.url.endsWith('.ts');
const WORKER = new URL(
  FROM_SOURCE ? '../../../dist/outbound/search/search-worker.js' : './search-worker.js',
  import.meta.url,
);
const OPTIONS = FROM_SOURCE ? { execArgv: [] } : {};

/** The index on SQLite, written by a thread of its own and read here, so that the sockets' event loop waits for no disk. */
export class SearchThread extends MessageSearchIndex {
  private readonly waiting = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();
  private nextId = 1;
  private dead: Error | undefined;

  private constructor(
    private readonly worker: Worker,
    private readonly reader: SqliteSearchIndex,
  ) {
    super();
    worker.on('message', ({ id, error }: { id: number; error?: string }) => {
      const asked = this.waiting.get(id);
      this.waiting.delete(id);
      if (error === undefined) asked?.resolve();
      else asked?.reject(new Error(error));
    });
    worker.on('error', (error) => this.died(error));
    worker.on('exit', (code) => this.died(new Error(`The thread ended with code ${code}.`)));
  }

  static async open(file: string): Promise<SearchThread> {
    const worker = new Worker(WORKER, {
      workerData: file,
      name: 'search-writer',
      resourceLimits: { maxYoungGenerationSizeMb: 16 },
      ...OPTIONS,
    });
    // The file is there, and of this version, from its first word on.
    await once(worker, 'message');
    return new SearchThread(worker, SqliteSearchIndex.open(file));
  }

  progress(conversationNos: readonly number[]): Promise<ReadonlyMap<number, IndexProgress>> {
    return this.reader.progress(conversationNos);
  }

  find(terms: readonly string[], scopes: readonly SearchScope[], each: number): Promise<Candidates[]> {
    return this.reader.find(terms, scopes, each);
  }

  apply(parts: readonly IndexedPart[]): Promise<void> {
    return this.ask({ apply: parts });
  }

  forget(conversationNo: number): Promise<void> {
    return this.ask({ forget: conversationNo });
  }

  async close(): Promise<void> {
    if (this.dead === undefined) await this.ask({ close: true });
    this.dead ??= new Error('The index is closed.');
    await this.worker.terminate();
    this.reader.close();
  }

  private ask(request: Omit<SearchRequest, 'id'>): Promise<void> {
    const id = this.nextId++;
    return new Promise<void>((resolve, reject) => {
      if (this.dead !== undefined) return reject(unavailable(this.dead));
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, ...request });
    });
  }

  /** Search goes on with what is indexed; the log does not need it. */
  private died(error: Error): void {
    this.dead ??= error;
    for (const { reject } of this.waiting.values()) reject(unavailable(error));
    this.waiting.clear();
  }
}

function unavailable(cause: unknown): DomainError {
  return Object.assign(new DomainError('server.unavailable', 'unavailable', { retryAfterMs: 1000 }), { cause });
}
