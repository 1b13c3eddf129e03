import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addRange, covers, type Range, rangeAt } from './ranges.js';

const range = fc
  .tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 12 }))
  .map(([from, n]): Range => [from, from + n - 1]);
const numbersOf = (ranges: readonly Range[]) =>
  new Set(ranges.flatMap(([from, to]) => Array.from({ length: Math.max(0, to - from + 1) }, (_, n) => from + n)));

describe('ranges', () => {
  it('hold exactly what was added, sorted and apart', () => {
    fc.assert(
      fc.property(fc.array(range), (added) => {
        const ranges = added.reduce(addRange, [] as readonly Range[]);
        expect([...numbersOf(ranges)].sort((a, b) => a - b)).toEqual([...numbersOf(added)].sort((a, b) => a - b));
        for (const [at, [from, to]] of ranges.entries()) {
          expect(from).toBeLessThanOrEqual(to);
          const before = ranges[at - 1];
          if (before !== undefined) expect(before[1] + 1, 'neighbours that touch are one').toBeLessThan(from);
        }
      }),
    );
  });

  it('know what they cover', () => {
    const ranges: Range[] = [
      [1, 3],
      [7, 9],
    ];
    expect(rangeAt(ranges, 8)).toEqual([7, 9]);
    expect(rangeAt(ranges, 5)).toBeUndefined();
    expect(covers(ranges, [7, 9])).toBe(true);
    expect(covers(ranges, [3, 7])).toBe(false);
    expect(covers(ranges, [5, 4]), 'nothing').toBe(true);
  });
});
