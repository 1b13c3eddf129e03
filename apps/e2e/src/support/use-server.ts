import { ParleyServer } from '@parley/testing';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { ADMIN_PASSWORD } from './people.js';
import type { ServerUnderTest } from './server-under-test.js';

export interface ServerHandle {
  current: ServerUnderTest;
}

/** Where the specs of one run get their server, when it is not one of their own. */
let shared: ServerHandle | undefined;

/** From now on every `useServer` answers this one: the same specs, run on another profile. */
export function shareServer(handle: ServerHandle): void {
  shared = handle;
}

/** The server of this run's profile: one for all tests of the file, or the one that all files share. */
export function useServer(name: string, env: Record<string, string> = {}): ServerHandle {
  return shared ?? useStandalone(name, env);
}

/** One process on embedded engines for all tests of a file. Its data and log are kept, and named, when one of them failed. */
export function useStandalone(name: string, env: Record<string, string> = {}): { current: ParleyServer } {
  const handle = {} as { current: ParleyServer };
  let server: ParleyServer | undefined;
  let failed = false;
  beforeAll(async () => {
    server = await ParleyServer.start({ name, env: { PARLEY_ADMIN_PASSWORD: ADMIN_PASSWORD, ...env } });
    handle.current = server;
  });
  afterEach(({ task }) => {
    failed ||= task.result?.state === 'fail';
  });
  afterAll(async () => {
    if (!server) return;
    const survived = server.isRunning;
    await server.stop();
    if (failed || !survived) console.error(`The server's log: ${server.logPath}\n${server.log().slice(-2000)}`);
    else server.remove();
    if (!survived) throw new Error('the server died on the way');
  });
  return handle;
}
