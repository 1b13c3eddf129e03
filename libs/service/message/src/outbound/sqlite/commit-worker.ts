import { parentPort, workerData } from 'node:worker_threads';
import type { LogChange, MessageWindows } from '@parley/core-message';
import { SqliteCommitEngine } from './sqlite-commit-engine.js';

export interface CommitRequest {
  id: number;
  /** LogChange[] as JSON: one string crosses the thread far cheaper than many small objects. */
  changes: string;
  published: number[];
  now: number;
  /** Instead of a commit: how many unpublished rows to answer. */
  unpublished?: number;
  close?: boolean;
}

/** The thread that waits for the disk, so that the sockets' event loop never does. */
const engine = new SqliteCommitEngine(
  (workerData as { file: string }).file,
  (workerData as { windows: MessageWindows }).windows,
);

/** Counts wait while there is load, and are written when it pauses. */
const IDLE_MS = 250;
let busyAt = 0;
setInterval(() => {
  if (Date.now() - busyAt > IDLE_MS) engine.flushIfPossible();
}, IDLE_MS).unref();

parentPort?.on('message', ({ id, changes, published, now, unpublished, close }: CommitRequest) => {
  try {
    busyAt = now;
    if (close === true) engine.close();
    const answer =
      close === true
        ? undefined
        : unpublished === undefined
          ? JSON.stringify(engine.commit(JSON.parse(changes) as LogChange[], published, now))
          : JSON.stringify(engine.unpublished(unpublished));
    parentPort?.postMessage({ id, answer });
  } catch (error) {
    parentPort?.postMessage({ id, error: String(error) });
  }
});
