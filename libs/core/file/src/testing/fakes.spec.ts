import { SetClock } from '@parley/kernel/testing';
import { fileStoreContract } from './file-store.contract.js';
import { InMemoryFileStore } from './in-memory-file-store.js';
import { InMemoryObjectStorage } from './in-memory-object-storage.js';
import { InMemoryThumbnailStore } from './in-memory-thumbnail-store.js';
import { objectStorageContract } from './object-storage.contract.js';
import { thumbnailStoreContract } from './thumbnail-store.contract.js';

fileStoreContract('in memory', async () => {
  const store = new InMemoryFileStore();
  return { store, facts: async () => store.facts, close: async () => {} };
});

thumbnailStoreContract('in memory', async () => {
  const files = new InMemoryFileStore();
  return { files, thumbnails: new InMemoryThumbnailStore(files), close: async () => {} };
});

objectStorageContract('in memory', async () => {
  const clock = new SetClock();
  const storage = new InMemoryObjectStorage(clock);
  return {
    storage,
    clock,
    put: async (request, bytes) => storage.put(request, bytes),
    get: async (url) => storage.get(url),
    close: async () => {},
  };
});
