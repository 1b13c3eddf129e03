export { callStoreContract, type CallStoreHarness } from './call-store.contract.js';
export { desk, type DeskParts, device, TIMES } from './desk.js';
export { CountingIds, SetClock } from '@parley/kernel/testing';
export { FakeConversation, FakeDevices } from './fakes.js';
export { InMemoryCallStore } from './in-memory-call-store.js';
