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
