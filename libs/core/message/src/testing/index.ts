export { aCursor, aFact, aSend, created } from './builders.js';
export { conversationLogContract, type LogUnderTest } from './conversation-log.contract.js';
export { InMemoryLog } from './in-memory-log.js';
export { syncContract } from './sync.contract.js';
