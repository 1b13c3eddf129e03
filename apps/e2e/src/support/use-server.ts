import { ParleyServer } from '@parley/testing';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { ADMIN_PASSWORD } from './people.js';

export interface ServerHandle {
  current: ParleyServer;
}

/** One server for all tests of a file. Its data and log are kept, and named, when one of them failed. */
export function useServer(name: string, env: Record<string, string> = {}): ServerHandle {
  const handle = {} as ServerHandle;
  let failed = false;
  beforeAll(async () => {
    handle.current = await ParleyServer.start({ name, env: { PARLEY_ADMIN_PASSWORD: ADMIN_PASSWORD, ...env } });
  });
  afterEach(({ task }) => {
    failed ||= task.result?.state === 'fail';
  });
  afterAll(async () => {
    const server = handle.current;
    if (!server) return;
    const survived = server.isRunning;
    await server.stop();
    if (failed || !survived) console.error(`The server's log: ${server.logPath}\n${server.log().slice(-2000)}`);
    else server.remove();
    if (!survived) throw new Error('the server died on the way');
  });
  return handle;
}
