import { beforeEach, describe, expect, it } from 'vitest';
import type { LastSeenStore } from '../ports/last-seen-store.js';

export function lastSeenStoreContract(name: string, make: () => Promise<LastSeenStore>): void {
  describe(`last seen store: ${name}`, () => {
    let store: LastSeenStore;

    beforeEach(async () => {
      store = await make();
    });

    it('keeps the latest time of each user', async () => {
      await store.save([
        { userId: 'ann', at: 2_000_000_000_000 },
        { userId: 'bob', at: 5 },
      ]);
      await store.save([
        { userId: 'ann', at: 1_999_999_999_999 },
        { userId: 'bob', at: 6 },
      ]);
      expect(await store.load(['ann', 'bob', 'never'])).toEqual(
        new Map([
          ['ann', 2_000_000_000_000],
          ['bob', 6],
        ]),
      );
      expect(await store.load([])).toEqual(new Map());
    });

    it('takes full batches, many at once', async () => {
      const ids = Array.from({ length: 500 }, (_, index) => `u${index}`);
      await Promise.all([1, 2, 3, 4].map((at) => store.save(ids.map((userId) => ({ userId, at })))));
      const seen = await store.load(ids);
      expect(seen.size).toBe(500);
      expect(new Set(seen.values())).toEqual(new Set([4]));
    });
  });
}
