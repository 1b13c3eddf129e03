import { callStoreContract } from './call-store.contract.js';
import { InMemoryCallStore } from './in-memory-call-store.js';

callStoreContract('in memory', async () => {
  const calls = new InMemoryCallStore();
  return { calls, pending: calls.pending, close: async () => {} };
});
