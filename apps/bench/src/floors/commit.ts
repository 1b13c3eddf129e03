import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { FLOOR_SECONDS, type Floor } from './floor.js';

/** Rows per second through SQLite, 64 to a commit, each commit on disk. */
export async function commitFloor(folder: string): Promise<Floor> {
  const child = fork(fileURLToPath(new URL('./commit-worker.js', import.meta.url)), [folder, String(FLOOR_SECONDS)], {
    execArgv: [],
  });
  const [told] = (await once(child, 'message')) as [{ rows: number; ms: number; cpuMs: number }];
  return {
    name: 'sqlite rows, 64 per durable commit',
    perSecond: (told.rows * 1000) / told.ms,
    cpuMicros: (told.cpuMs * 1000) / told.rows,
  };
}
