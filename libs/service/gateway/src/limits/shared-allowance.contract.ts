import type { Clock } from '@parley/kernel';
import { beforeEach, describe, expect, it } from 'vitest';
import { SharedAllowance } from './shared-allowance.js';

const ALLOWANCE = { perSecond: 20, burst: 40 };

/** Two instances over the same buckets, as two gateways have them. */
export function sharedAllowanceContract(
  name: string,
  make: (clock: Clock) => Promise<{ one: SharedAllowance; other: SharedAllowance }>,
): void {
  describe(`shared allowance: ${name}`, () => {
    const clock = { at: 1_700_000_000_000, now: () => clock.at };
    let one: SharedAllowance;
    let other: SharedAllowance;

    beforeEach(async () => {
      ({ one, other } = await make(clock));
    });

    const book = (allowance: SharedAllowance, key: string, count: number) =>
      allowance.book([{ key, count }], ALLOWANCE).then(([left]) => left);

    it('counts what all let through, key by key', async () => {
      expect(
        await one.book(
          [
            { key: 'ann', count: 15 },
            { key: 'bob', count: 1 },
          ],
          ALLOWANCE,
        ),
      ).toEqual([25, 39]);
      expect(
        await other.book(
          [
            { key: 'bob', count: 2 },
            { key: 'ann', count: 15 },
          ],
          ALLOWANCE,
        ),
      ).toEqual([37, 10]);
      expect(await one.book([], ALLOWANCE)).toEqual([]);
    });

    it('fills again with time, up to the burst', async () => {
      await book(one, 'ann', 40);
      clock.at += 500;
      expect(await book(other, 'ann', 0)).toBe(10);
      clock.at += 60_000;
      expect(await book(one, 'ann', 1)).toBe(39);
    });

    it('is overdrawn by what gateways let through without knowing of each other, and no further', async () => {
      await book(one, 'ann', 40);
      expect(await book(other, 'ann', 30)).toBe(-30);
      expect(await book(one, 'ann', 500)).toBe(-40);
      clock.at += 2000;
      expect(await book(one, 'ann', 0)).toBe(0);
    });

    it('is not carried back by a clock that is', async () => {
      await book(one, 'ann', 30);
      clock.at -= 3_600_000;
      expect(await book(other, 'ann', 1)).toBeLessThanOrEqual(9);
      clock.at += 3_600_000;
    });

    it('loses nothing when many book at once', async () => {
      const many = Array.from({ length: 300 }, (_, i) => ({ key: `u${i}`, count: 1 }));
      await Promise.all(Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? one : other).book(many, ALLOWANCE)));
      expect(new Set(await one.book(many, ALLOWANCE))).toEqual(new Set([29]));
    });
  });
}
