import type { Storage } from '../ports.js';

/** Storage that lives as long as this object. Its code is loaded where it is used: pages have IndexedDB, and Node does not mind. */
export const memoryStorage = (): Storage => {
  const loaded = import('./memory-storage.js').then(({ MemoryStorage }) => new MemoryStorage());
  return {
    read: async (tables, work) => (await loaded).read(tables, work),
    write: async (tables, work) => (await loaded).write(tables, work),
    close: async () => (await loaded).close(),
  };
};
