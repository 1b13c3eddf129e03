import { createServer } from 'node:net';

// Below the range from which operating systems take the ports of outgoing connections: a port that is free now is
// still free when the server that was told to use it has started, and again after it was killed and restarted.
const FIRST = 20_000;
const LAST = 29_999;

const given = new Set<number>();

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

/** A port that nobody listens on, never the same twice from one process. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST + 1));
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
}

/** The first of some ports in a row that nobody listens on. */
export async function freePorts(count: number): Promise<number> {
  for (;;) {
    const first = await freePort();
    const row = Array.from({ length: count - 1 }, (_, i) => first + 1 + i);
    if (row.some((port) => given.has(port))) continue;
    if (!(await Promise.all(row.map(isFree))).every(Boolean)) continue;
    for (const port of row) given.add(port);
    return first;
  }
}
