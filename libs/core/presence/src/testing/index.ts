export { FakeClock, FakeMembership, FakeVisibleUsers, InMemoryLastSeenStore, RecordingPusher } from './fakes.js';
export { InMemorySessionDirectory } from './in-memory-session-directory.js';
export { InMemoryWatchRegistry } from './in-memory-watch-registry.js';
export { lastSeenStoreContract } from './last-seen-store.contract.js';
export { type DirectoryUnderTest, sessionDirectoryContract } from './session-directory.contract.js';
export { watchRegistryContract } from './watch-registry.contract.js';
