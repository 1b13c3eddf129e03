import type { Storage } from '../ports.js';
import { IndexedDbStorage } from './indexed-db-storage.js';
import { MemoryStorage } from './memory-storage.js';

export const memoryStorage = (): Storage => new MemoryStorage();
export const indexedDbStorage = (name: string): Storage => new IndexedDbStorage(name);
