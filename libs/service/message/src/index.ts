export { MessageModule, type MessageModuleOptions } from './message.module.js';
export { type CommitRunner, CommitThread } from './outbound/sqlite/commit-thread.js';
export { messageSettings } from './settings.js';
