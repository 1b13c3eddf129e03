import { InMemoryRegistry } from './in-memory-registry.js';
import { serviceRegistryContract } from './testing/index.js';

serviceRegistryContract('in memory', async () => {
  const registry = new InMemoryRegistry();
  return () => registry;
});
