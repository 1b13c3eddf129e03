import { Worker } from 'node:worker_threads';
import type { LogChange, MessageWindows } from '@parley/core-message';
import type { Committed, CommitRunner, Unpublished } from '../commit-runner.js';
import type { CommitRequest } from './commit-worker.js';

interface Waiting {
  resolve: (answer: never) => void;
  reject: (error: Error) => void;
}

// The worker is loaded as JavaScript also where this file runs from source (tests), and then without the runner's conditions, by
// which it would find its packages' sources.
const FROM_SOURCE = import.meta.url.endsWith('.ts');
const WORKER = new URL(
  FROM_SOURCE ? '../../../dist/outbound/sqlite/commit-worker.js' : './commit-worker.js',
  import.meta.url,
);
const OPTIONS = FROM_SOURCE ? { execArgv: [] } : {};

export class CommitThread implements CommitRunner {
  readonly paceMs = 4;
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;
  private closing = false;
  private dead: Error | undefined;

  /** @param onDeath called when the thread died by itself: nothing can be written any more, the process should end and start again. */
  constructor(file: string, windows: MessageWindows, onDeath: (error: Error) => void) {
    this.worker = new Worker(WORKER, {
      workerData: { file, windows },
      name: 'message-writer',
      // Its garbage is short-lived and small; V8 would take ten times as much before it looks.
      resourceLimits: { maxYoungGenerationSizeMb: 24 },
      ...OPTIONS,
    });
    this.worker.on('message', ({ id, answer, error }: { id: number; answer?: string; error?: string }) => {
      const waiting = this.waiting.get(id);
      this.waiting.delete(id);
      if (error === undefined) waiting?.resolve((answer === undefined ? undefined : JSON.parse(answer)) as never);
      else waiting?.reject(new Error(error));
    });
    const died = (error: Error) => {
      const first = this.dead === undefined;
      this.dead ??= error;
      for (const { reject } of this.waiting.values()) reject(error);
      this.waiting.clear();
      if (first && !this.closing) onDeath(error);
    };
    this.worker.on('error', died);
    this.worker.on('exit', (code) => died(new Error(`The writer thread ended with code ${code}.`)));
  }

  commit(changes: readonly LogChange[], published: readonly number[], now: number): Promise<Committed> {
    return this.ask({ changes: JSON.stringify(changes), published: published as number[], now });
  }

  unpublished(limit: number): Promise<Unpublished[]> {
    return this.ask({ changes: '[]', published: [], now: 0, unpublished: limit });
  }

  async close(): Promise<void> {
    this.closing = true;
    if (this.dead === undefined) await this.ask({ changes: '[]', published: [], now: 0, close: true });
    await this.worker.terminate();
  }

  private ask<T>(request: Omit<CommitRequest, 'id'>): Promise<T> {
    const id = this.nextId++;
    return new Promise<T>((resolve, reject) => {
      if (this.dead !== undefined) return reject(this.dead);
      this.waiting.set(id, { resolve: resolve as (answer: never) => void, reject });
      this.worker.postMessage({ id, ...request });
    });
  }
}
