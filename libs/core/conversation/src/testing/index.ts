export { conversationStoreContract } from './conversation-store.contract.js';
export { ann, bob, cid, dan, desk, deskOver, inMemoryStores, type Stores, user } from './desk.js';
export { CountingIds, FakeClock, FakeConversationLog, FakeUserDirectory } from './fakes.js';
export { membersContract } from './members.contract.js';
export { pairStoreContract } from './pair-store.contract.js';
