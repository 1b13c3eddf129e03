import {
  InMemoryLastSeenStore,
  InMemorySessionDirectory,
  InMemoryWatchRegistry,
  lastSeenStoreContract,
  sessionDirectoryContract,
  watchRegistryContract,
} from './index.js';

sessionDirectoryContract('in memory, for tests', async (clock) => new InMemorySessionDirectory(clock));
watchRegistryContract('in memory, for tests', async () => new InMemoryWatchRegistry());
lastSeenStoreContract('in memory, for tests', async () => new InMemoryLastSeenStore());
