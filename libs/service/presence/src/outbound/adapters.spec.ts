import { sessionDirectoryContract, watchRegistryContract } from '@parley/core-presence/testing';
import { MemorySessionDirectory } from './memory-session-directory.js';
import { MemoryWatchRegistry } from './memory-watch-registry.js';

sessionDirectoryContract('in memory', async (clock) => {
  let directory = new MemorySessionDirectory(clock);
  const forward = new Proxy({} as MemorySessionDirectory, {
    get: (_, name) => Reflect.get(directory, name).bind(directory),
  });
  return { one: forward, other: forward, lose: () => void (directory = new MemorySessionDirectory(clock)) };
});
watchRegistryContract('in memory', async () => new MemoryWatchRegistry());
