import type { Storage, StorageKey, StorageRange, StorageTable, StorageTransaction } from '../ports.js';
import { keysIn, placeOf } from './key-order.js';

class Table {
  /** Sorted. */
  readonly keys: StorageKey[] = [];
  readonly values = new Map<string, unknown>();

  set(key: StorageKey, value: unknown): void {
    const id = JSON.stringify(key);
    if (!this.values.has(id)) this.keys.splice(placeOf(this.keys, key), 0, key);
    this.values.set(id, value);
  }

  remove(key: StorageKey): void {
    if (this.values.delete(JSON.stringify(key))) this.keys.splice(placeOf(this.keys, key), 1);
  }
}

/** Lives as long as this object: for tests, Node, and browsers that keep nothing. Several clients may share one. */
export class MemoryStorage implements Storage {
  readonly #tables = new Map<StorageTable, Table>();
  #last: Promise<unknown> = Promise.resolve();

  read<T>(_tables: readonly StorageTable[], work: (tx: StorageTransaction) => Promise<T>): Promise<T> {
    return this.#inTurn(() => work(this.#transaction([])));
  }

  write<T>(_tables: readonly StorageTable[], work: (tx: StorageTransaction) => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      const undo: (() => void)[] = [];
      try {
        return await work(this.#transaction(undo));
      } catch (error) {
        for (const step of undo.reverse()) step();
        throw error;
      }
    });
  }

  async close(): Promise<void> {
    await this.#last;
  }

  /** One transaction after the other. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => {});
    return turn;
  }

  #table(name: StorageTable): Table {
    let table = this.#tables.get(name);
    if (table === undefined) this.#tables.set(name, (table = new Table()));
    return table;
  }

  #transaction(undo: (() => void)[]): StorageTransaction {
    const change = (name: StorageTable, key: StorageKey, work: (table: Table) => void) => {
      const table = this.#table(name);
      const id = JSON.stringify(key);
      const before = table.values.get(id);
      const existed = table.values.has(id);
      undo.push(() => (existed ? table.set(key, before) : table.remove(key)));
      work(table);
    };
    return {
      get: async <T>(name: StorageTable, key: StorageKey) =>
        structuredClone(this.#table(name).values.get(JSON.stringify(key))) as T | undefined,
      list: async <T>(name: StorageTable, range: StorageRange = {}) => {
        const { keys, values } = this.#table(name);
        return keysIn(keys, range).map((key) => ({
          key,
          value: structuredClone(values.get(JSON.stringify(key))) as T,
        }));
      },
      put: async (name, key, value) => {
        const copy = structuredClone(value);
        change(name, key, (table) => table.set(key, copy));
      },
      delete: async (name, key) => change(name, key, (table) => table.remove(key)),
      deleteRange: async (name, range = {}) => {
        for (const key of keysIn(this.#table(name).keys, range)) change(name, key, (table) => table.remove(key));
      },
    };
  }
}
