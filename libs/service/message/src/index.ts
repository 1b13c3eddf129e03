export { MessageModule, type MessageModuleOptions } from './message.module.js';
export { type CommitRunner } from './outbound/commit-runner.js';
export { type MysqlMessageLogOptions, openMysqlMessageLog } from './outbound/mysql/open-mysql-message-log.js';
export { SqlSearchIndex } from './outbound/search/sql-search-index.js';
export { SearchThread } from './outbound/search/search-thread.js';
export { CommitThread } from './outbound/sqlite/commit-thread.js';
export { messageSettings, messageWindows } from './settings.js';
