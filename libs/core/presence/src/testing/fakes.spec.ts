import {
  InMemoryLastSeenStore,
  InMemorySessionDirectory,
  InMemoryWatchRegistry,
  lastSeenStoreContract,
  sessionDirectoryContract,
  watchRegistryContract,
} from './index.js';

sessionDirectoryContract('in memory, for tests', async (clock) => {
  const directory = new InMemorySessionDirectory(clock);
  return { one: directory, other: directory, lose: () => directory.lose() };
});
watchRegistryContract('in memory, for tests', async () => new InMemoryWatchRegistry());
lastSeenStoreContract('in memory, for tests', async () => new InMemoryLastSeenStore());
