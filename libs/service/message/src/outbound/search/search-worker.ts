import { parentPort, workerData } from 'node:worker_threads';
import type { IndexedPart } from '@parley/core-message';
import { SqliteSearchIndex } from './sqlite-search-index.js';

export interface SearchRequest {
  id: number;
  /** One of the three. */
  apply?: readonly IndexedPart[];
  forget?: number;
  close?: boolean;
}

/** The thread that writes the index: SQLite now and then merges and copies for a tenth of a second. */
const index = SqliteSearchIndex.open(workerData as string);
parentPort?.postMessage({ id: 0 });

parentPort?.on('message', ({ id, apply, forget, close }: SearchRequest) => {
  const work = async () => {
    if (apply !== undefined) await index.apply(apply);
    if (forget !== undefined) await index.forget(forget);
    if (close === true) index.close();
  };
  work().then(
    () => parentPort?.postMessage({ id }),
    (error: unknown) => parentPort?.postMessage({ id, error: String(error) }),
  );
});
