import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { costOf } from '../machine/process-cost.js';

/** What one part costs with nothing of ours around it. */
export interface Floor {
  name: string;
  perSecond: number;
  cpuMicros: number;
}

export const FLOOR_SECONDS = 1.5;

export interface FloorServer {
  url: string;
  pid: number;
  tell(message: string): void;
  end(): void;
}

/** Starts a server of `floors/` in a process of its own; it tells its port first. */
export async function startFloorServer(file: string): Promise<FloorServer> {
  const child = fork(fileURLToPath(new URL(`./${file}.js`, import.meta.url)), { execArgv: [] });
  const [port] = (await once(child, 'message')) as [number];
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid as number,
    tell: (message) => child.send(message),
    end: () => child.kill('SIGKILL'),
  };
}

/** Rate and processor time of `pid` while `count` grows; `count` is read before and after. */
export async function measure(
  name: string,
  pid: number,
  count: () => number,
  wait: () => Promise<unknown>,
): Promise<Floor> {
  const before = { cpuMs: costOf(pid).cpuMs, count: count(), at: performance.now() };
  await wait();
  const done = count() - before.count;
  const seconds = (performance.now() - before.at) / 1000;
  return { name, perSecond: done / seconds, cpuMicros: ((costOf(pid).cpuMs - before.cpuMs) * 1000) / done };
}
