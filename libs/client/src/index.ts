export type * from './api.js';
export { createClient } from './client.js';
export { type ClientErrorCode, ParleyError } from './errors.js';
export { type Observable, State, until } from './observable.js';
export type { Storage, StorageKey, StorageRange, StorageTable, StorageTransaction } from './ports.js';
export type * from './types.js';
export { memoryStorage } from './store/index.js';
