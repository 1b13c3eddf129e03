import { afterAll, afterEach, beforeAll } from 'vitest';
import { ClusterUnderTest } from '../support/cluster-under-test.js';
import { ADMIN_PASSWORD } from '../support/people.js';
import { type ServerHandle, shareServer } from '../support/use-server.js';

const handle = {} as ServerHandle;
let failed = false;

// Before the specs are loaded: each asks for its server as it is read.
shareServer(handle);

/** What the specs of this run share: two of everything, so that what one replica does the other has to know. */
beforeAll(async () => {
  handle.current = await ClusterUnderTest.start({
    name: 'e2e',
    replicas: {
      'api-gateway': 2,
      message: 2,
      delivery: 2,
      identity: 2,
      conversation: 2,
      presence: 2,
      'media-signal': 2,
      file: 1,
    },
    env: {
      PARLEY_ADMIN_PASSWORD: ADMIN_PASSWORD,
      PARLEY_CALL_RING_SECONDS: '3',
      PARLEY_TURN_URLS: 'turn:turn.example.org:3478?transport=udp',
      PARLEY_TURN_SECRET: 'a shared secret of this test only',
      PARLEY_TURN_TTL_SECONDS: '600',
    },
  });
}, 120_000);

afterEach(({ task }) => {
  failed ||= task.result?.state === 'fail';
});

afterAll(async () => {
  const server = handle.current as ClusterUnderTest | undefined;
  if (server === undefined) return;
  const survived = server.isRunning;
  await server.cluster.stop();
  if (failed || !survived) console.error(server.log());
  if (!failed && survived) await server.cluster.remove();
  if (!survived) throw new Error('a process died on the way');
}, 60_000);
