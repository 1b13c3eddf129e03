export { aCursor, aFact, aSend, created } from './builders.js';
export { conversationLogContract } from './conversation-log.contract.js';
export type { LogUnderTest } from './log-under-test.js';
export { mentionsContract } from './mentions.contract.js';
export { messageChangesContract } from './message-changes.contract.js';
export { messageMarksContract } from './message-marks.contract.js';
export { InMemoryLog } from './in-memory-log.js';
export { syncContract } from './sync.contract.js';
