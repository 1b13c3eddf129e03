export type * from './api.js';
export { type ClientErrorCode, ParleyError } from './errors.js';
export { type Observable, State, until } from './observable.js';
export type { Storage, StorageKey, StorageRange, StorageTable, StorageTransaction } from './ports.js';
export type * from './types.js';
