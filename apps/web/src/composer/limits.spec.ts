import { describe, expect, it } from 'vitest';
import { bytesLeft } from './limits';

describe('bytesLeft', () => {
  it('counts bytes, not characters, and says it only near the end', () => {
    expect(bytesLeft('a'.repeat(10_000))).toBeUndefined();
    expect(bytesLeft('a'.repeat(16_000))).toBe(384);
    expect(bytesLeft('字'.repeat(5_461))).toBe(1);
    expect(bytesLeft('😀'.repeat(4_097))).toBe(-4);
  });
});
