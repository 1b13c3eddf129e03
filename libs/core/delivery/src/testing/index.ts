export { appended, conversationEvent } from './appended.builder.js';
export { InMemoryWorld } from './in-memory-world.js';
export { InMemoryMemberReader } from './in-memory-member-reader.js';
