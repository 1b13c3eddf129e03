import { describe, expect, it } from 'vitest';
import { partSizeOf, partsOf } from './parts.js';

const MIB = 1024 ** 2;

describe('the parts of a file', () => {
  it('are one up to the limit', () => {
    expect(partSizeOf(16 * MIB, 16 * MIB)).toBe(0);
    expect(partSizeOf(16 * MIB + 1, 16 * MIB)).toBe(16 * MIB);
  });

  it('are equal but for the last, and make up the whole', () => {
    expect(partsOf(25, 10)).toEqual([
      { number: 1, size: 10 },
      { number: 2, size: 10 },
      { number: 3, size: 5 },
    ]);
    expect(partsOf(20, 10).map((part) => part.size)).toEqual([10, 10]);
  });

  it.each([16 * MIB + 1, 8000 * MIB, 8000 * MIB + 1, 1024 ** 4])('of %i bytes are never more than 500', (size) => {
    const parts = partsOf(size, partSizeOf(size, 16 * MIB));
    expect(parts.length).toBeLessThanOrEqual(500);
    expect(parts.reduce((sum, part) => sum + part.size, 0)).toBe(size);
    expect(parts.every((part) => part.size > 0)).toBe(true);
  });
});
