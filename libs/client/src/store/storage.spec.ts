import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { expect, it } from 'vitest';
import { IndexedDbStorage } from './indexed-db-storage.js';
import { MemoryStorage } from './memory-storage.js';
import { storageContract } from './storage.contract.js';

const factory = new IDBFactory();
globalThis.IDBKeyRange ??= IDBKeyRange;

const memories = new Map<string, MemoryStorage>();
storageContract('memory', (name) => {
  const known = memories.get(name) ?? new MemoryStorage();
  memories.set(name, known);
  return known;
});
storageContract('IndexedDB', (name) => new IndexedDbStorage(name, factory));

it('lets a newer version of the application take the database, and then says so', async () => {
  const storage = new IndexedDbStorage('upgraded', factory);
  await storage.write(['meta'], (tx) => tx.put('meta', 'a', 1));
  await new Promise<void>((resolve, reject) => {
    const request = factory.open('upgraded', 99);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
  });
  await expect(storage.read(['meta'], (tx) => tx.get('meta', 'a'))).rejects.toMatchObject({ name: 'VersionError' });
});

it('opens again after the browser closed the connection', async () => {
  const opened: IDBDatabase[] = [];
  const watched = {
    open: (name: string, version?: number) => {
      const request = factory.open(name, version);
      request.addEventListener('success', () => opened.push(request.result));
      return request;
    },
  } as IDBFactory;
  const storage = new IndexedDbStorage('reopened', watched);
  await storage.write(['meta'], (tx) => tx.put('meta', 'a', 1));
  opened[0]?.close();
  expect(await storage.read(['meta'], (tx) => tx.get('meta', 'a'))).toBe(1);
  expect(opened).toHaveLength(2);
});
