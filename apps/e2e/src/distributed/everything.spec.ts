import { engine, type Engines } from '@parley/testing';
import { it } from 'vitest';

const NEEDED: (keyof Engines)[] = ['mysql', 'kafka', 'redis', 's3', 'consul'];
const missing = NEEDED.filter((name) => engine(name) === undefined);

if (missing.length > 0) it.skip(`the flows on real engines: ${missing.join(', ')} not up`);
else {
  // ORDER: first, it says where the specs below find their server.
  await import('./shared-cluster.js');
  // The same specs as on embedded engines. Left out are those of one process' own settings: diagnostic, documents, limits, operations.
  await import('../accounts.spec.js');
  await import('../authorization.spec.js');
  await import('../calls.spec.js');
  await import('../changes.spec.js');
  await import('../contacts.spec.js');
  await import('../conversations.spec.js');
  await import('../cursors.spec.js');
  await import('../files.spec.js');
  await import('../media.spec.js');
  await import('../pictures.spec.js');
  await import('../hostile-rest.spec.js');
  await import('../hostile-socket.spec.js');
  await import('../idempotency.spec.js');
  await import('../marks.spec.js');
  await import('../messages.spec.js');
  await import('../new-surfaces-hostile.spec.js');
  await import('../new-surfaces.spec.js');
  await import('../presence.spec.js');
  await import('../search.spec.js');
  await import('../sessions.spec.js');
  await import('../sync.spec.js');
  await import('../unicode.spec.js');
  await import('../world.spec.js');
}
