import { afterEach, describe, expect, it } from 'vitest';
import type { Storage, StorageKey } from '../ports.js';

/** What every Storage keeps. `open` answers the same data for the same name. */
export function storageContract(what: string, open: (name: string) => Storage): void {
  describe(`${what} as Storage`, () => {
    let made = 0;
    const opened: Storage[] = [];
    const fresh = (name = `s${++made}`) => {
      const storage = open(name);
      opened.push(storage);
      return storage;
    };
    afterEach(async () => {
      for (const storage of opened.splice(0)) await storage.close();
    });
    const filled = async (keys: readonly StorageKey[]) => {
      const storage = fresh();
      await storage.write(['timeline'], async (tx) => {
        for (const key of keys) await tx.put('timeline', key, { key });
      });
      return storage;
    };
    const keysOf = (storage: Storage, range?: Parameters<Parameters<Parameters<Storage['read']>[1]>[0]['list']>[1]) =>
      storage.read(['timeline'], async (tx) => (await tx.list('timeline', range)).map(({ key }) => key));

    it('answers what was put, and undefined for what was not', async () => {
      const storage = fresh();
      await storage.write(['meta'], (tx) => tx.put('meta', 'a', { deep: [1, 'two', null] }));
      await storage.read(['meta'], async (tx) => {
        expect(await tx.get('meta', 'a')).toEqual({ deep: [1, 'two', null] });
        expect(await tx.get('meta', 'b')).toBeUndefined();
      });
    });

    it('keeps copies: changing a value that was put or got changes nothing stored', async () => {
      const storage = fresh();
      const value = { list: [1] };
      await storage.write(['meta'], (tx) => tx.put('meta', 'a', value));
      value.list.push(2);
      const got = await storage.read(['meta'], (tx) => tx.get<{ list: number[] }>('meta', 'a'));
      got?.list.push(3);
      expect(await storage.read(['meta'], (tx) => tx.get('meta', 'a'))).toEqual({ list: [1] });
    });

    it('orders keys: numbers, text, arrays part by part', async () => {
      const ordered: StorageKey[] = [
        -1,
        2,
        10,
        'B',
        'a',
        [1],
        ['c'],
        ['c', 2],
        ['c', 10],
        ['c', 'm'],
        ['c', 'm', 1],
        ['d', 1],
      ];
      const storage = await filled([...ordered].reverse());
      expect(await keysOf(storage)).toEqual(ordered);
      expect(await keysOf(storage, { backwards: true })).toEqual([...ordered].reverse());
    });

    it('lists ranges with both ends, limits, and from the end', async () => {
      const storage = await filled([1, 2, 3, 4, 5].map((seq) => ['c', seq]));
      const at = (seq: number) => ['c', seq];
      expect(await keysOf(storage, { from: at(2), to: at(4) })).toEqual([at(2), at(3), at(4)]);
      expect(await keysOf(storage, { from: at(2), limit: 2 })).toEqual([at(2), at(3)]);
      expect(await keysOf(storage, { to: at(4), limit: 2, backwards: true })).toEqual([at(4), at(3)]);
      expect(await keysOf(storage, { to: at(4), limit: 0, backwards: true })).toEqual([]);
      expect(await keysOf(storage, { from: ['d'] })).toEqual([]);
    });

    it('deletes one, a range, all', async () => {
      const storage = await filled([1, 2, 3, 4, 5, 6]);
      await storage.write(['timeline'], (tx) => tx.delete('timeline', 2));
      await storage.write(['timeline'], (tx) => tx.delete('timeline', 99));
      await storage.write(['timeline'], (tx) => tx.deleteRange('timeline', { from: 4, to: 5 }));
      expect(await keysOf(storage)).toEqual([1, 3, 6]);
      await storage.write(['timeline'], (tx) => tx.deleteRange('timeline'));
      expect(await keysOf(storage)).toEqual([]);
    });

    it('undoes everything when the work of a write fails, and says its error', async () => {
      const storage = await filled([1, 2]);
      const failing = storage.write(['timeline', 'meta'], async (tx) => {
        await tx.put('meta', 'x', 1);
        await tx.put('timeline', 1, 'changed');
        await tx.deleteRange('timeline', { from: 2 });
        throw new TypeError('on purpose');
      });
      await expect(failing).rejects.toThrow('on purpose');
      expect(await keysOf(storage)).toEqual([1, 2]);
      await storage.read(['timeline', 'meta'], async (tx) => {
        expect(await tx.get('timeline', 1)).toEqual({ key: 1 });
        expect(await tx.get('meta', 'x')).toBeUndefined();
      });
    });

    it('runs writes one after the other: no addition is lost', async () => {
      const storage = fresh();
      const add = () =>
        storage.write(['meta'], async (tx) => {
          await tx.put('meta', 'n', ((await tx.get<number>('meta', 'n')) ?? 0) + 1);
        });
      await Promise.all(Array.from({ length: 20 }, add));
      expect(await storage.read(['meta'], (tx) => tx.get('meta', 'n'))).toBe(20);
    });

    it('is seen by others on the same name', async () => {
      const [one, other] = [fresh('shared'), fresh('shared')];
      await one.write(['outbox'], (tx) => tx.put('outbox', 'k', 1));
      expect(await other.read(['outbox'], (tx) => tx.get('outbox', 'k'))).toBe(1);
    });

    it('keeps bytes', async () => {
      const storage = fresh();
      await storage.write(['outbox'], (tx) =>
        tx.put('outbox', 'k', { file: new Blob(['bytes'], { type: 'text/plain' }) }),
      );
      const got = await storage.read(['outbox'], (tx) => tx.get<{ file: Blob }>('outbox', 'k'));
      expect(got?.file.type).toBe('text/plain');
      expect(await got?.file.text()).toBe('bytes');
    });
  });
}
