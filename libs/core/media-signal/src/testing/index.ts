export { callStoreContract, type CallStoreHarness } from './call-store.contract.js';
export { desk, type DeskParts, device, TIMES } from './desk.js';
export { CountingIds, FakeConversation, FakeDevices, SetClock } from './fakes.js';
export { InMemoryCallStore } from './in-memory-call-store.js';
