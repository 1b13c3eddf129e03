import type { Storage } from '../ports.js';
import { IndexedDbStorage } from './indexed-db-storage.js';

export { memoryStorage } from './later-storage.js';
export const indexedDbStorage = (name: string): Storage => new IndexedDbStorage(name);
