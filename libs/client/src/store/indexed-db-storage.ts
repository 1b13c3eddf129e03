import type { Storage, StorageKey, StorageRange, StorageTable, StorageTransaction } from '../ports.js';

const VERSION = 1;
const TABLES: readonly StorageTable[] = ['session', 'conversations', 'timeline', 'outbox', 'people', 'meta'];

/**
 * One database per name. Opened at the first use, and again when the browser closed it. Rejects with the browser's own
 * `DOMException`: no right to store (private mode), no room (`QuotaExceededError`), or upgraded by a newer tab (`VersionError`).
 */
export class IndexedDbStorage implements Storage {
  #opening: Promise<IDBDatabase> | undefined;
  #closed = false;

  constructor(
    private readonly name: string,
    private readonly factory: IDBFactory = globalThis.indexedDB,
  ) {}

  read<T>(tables: readonly StorageTable[], work: (tx: StorageTransaction) => Promise<T>): Promise<T> {
    return this.#run(tables, 'readonly', work);
  }

  write<T>(tables: readonly StorageTable[], work: (tx: StorageTransaction) => Promise<T>): Promise<T> {
    return this.#run(tables, 'readwrite', work);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const opening = this.#opening;
    this.#opening = undefined;
    await opening?.then(
      (database) => database.close(),
      () => {},
    );
  }

  async #run<T>(
    tables: readonly StorageTable[],
    mode: IDBTransactionMode,
    work: (tx: StorageTransaction) => Promise<T>,
  ): Promise<T> {
    const native = await this.#begin(tables, mode);
    const ended = new Promise<void>((resolve, reject) => {
      native.oncomplete = () => resolve();
      native.onabort = () => reject(native.error ?? new DOMException('The transaction was aborted.', 'AbortError'));
    });
    ended.catch(() => {});
    let result: T;
    try {
      result = await work(transactionOn(native));
    } catch (error) {
      try {
        native.abort();
      } catch {
        // It ended by itself: that is the error.
      }
      await ended.catch(() => {});
      throw native.error ?? error;
    }
    await ended;
    return result;
  }

  async #begin(tables: readonly StorageTable[], mode: IDBTransactionMode): Promise<IDBTransaction> {
    const database = await this.#open();
    try {
      return database.transaction([...tables], mode);
    } catch (error) {
      // The connection closed under us: once more, on a new one.
      if ((error as DOMException).name !== 'InvalidStateError') throw error;
      this.#opening = undefined;
      return (await this.#open()).transaction([...tables], mode);
    }
  }

  #open(): Promise<IDBDatabase> {
    if (this.#closed) return Promise.reject(new DOMException('The storage was closed.', 'InvalidStateError'));
    if (this.#opening === undefined) {
      const opening = this.#connect();
      this.#opening = opening;
      opening.catch(() => {
        if (this.#opening === opening) this.#opening = undefined;
      });
    }
    return this.#opening;
  }

  #connect(): Promise<IDBDatabase> {
    return new Promise((resolve, reject) => {
      const request = this.factory.open(this.name, VERSION);
      request.onupgradeneeded = () => {
        for (const table of TABLES)
          if (!request.result.objectStoreNames.contains(table)) request.result.createObjectStore(table);
      };
      request.onerror = () => reject(request.error ?? new DOMException('The database did not open.', 'UnknownError'));
      request.onsuccess = () => {
        const database = request.result;
        database.onclose = () => (this.#opening = undefined);
        // A newer version of the application, in another tab, waits until this one lets go.
        database.onversionchange = () => {
          database.close();
          this.#opening = undefined;
        };
        resolve(database);
      };
    });
  }
}

const answered = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = (event) => {
      // Caught here, it would still abort the transaction; the caller decides by what it does with the rejection.
      event.preventDefault();
      event.stopPropagation();
      reject(request.error);
    };
  });

const valid = (key: StorageKey) => key as IDBValidKey;

function boundsOf({ from, to }: StorageRange): IDBKeyRange | undefined {
  if (from !== undefined && to !== undefined) return IDBKeyRange.bound(valid(from), valid(to));
  if (from !== undefined) return IDBKeyRange.lowerBound(valid(from));
  return to === undefined ? undefined : IDBKeyRange.upperBound(valid(to));
}

function transactionOn(native: IDBTransaction): StorageTransaction {
  return {
    get: <T>(table: StorageTable, key: StorageKey) =>
      answered(native.objectStore(table).get(valid(key))) as Promise<T | undefined>,
    list: async <T>(table: StorageTable, range: StorageRange = {}) => {
      const store = native.objectStore(table);
      const bounds = boundsOf(range);
      if (range.backwards === true) return backwards<T>(store, bounds, range.limit);
      // Both are asked for before either is awaited: one round trip.
      const [keys, values] = await Promise.all([
        answered(store.getAllKeys(bounds, range.limit)),
        answered(store.getAll(bounds, range.limit)),
      ]);
      return keys.map((key, at) => ({ key: key as StorageKey, value: values[at] as T }));
    },
    put: async (table, key, value) => void (await answered(native.objectStore(table).put(value, valid(key)))),
    delete: async (table, key) => void (await answered(native.objectStore(table).delete(valid(key)))),
    deleteRange: async (table, range = {}) => {
      const bounds = boundsOf(range);
      const store = native.objectStore(table);
      await answered(bounds === undefined ? store.clear() : store.delete(bounds));
    },
  };
}

function backwards<T>(store: IDBObjectStore, bounds: IDBKeyRange | undefined, limit = Number.POSITIVE_INFINITY) {
  return new Promise<{ key: StorageKey; value: T }[]>((resolve, reject) => {
    const found: { key: StorageKey; value: T }[] = [];
    const request = store.openCursor(bounds, 'prev');
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const cursor = request.result;
      if (cursor === null || found.length >= limit) return resolve(found);
      found.push({ key: cursor.key as StorageKey, value: cursor.value as T });
      if (found.length >= limit) return resolve(found);
      cursor.continue();
    };
  });
}
