import { describe, expect, it } from 'vitest';
import { clockText, sizeText } from './sizes';

describe('clockText', () => {
  it.each([
    [0, '0:00'],
    [65_400, '1:05'],
    [3_723_000, '1:02:03'],
  ])('%i → %s', (ms, text) => expect(clockText(ms)).toBe(text));
});

describe('sizeText', () => {
  it('says what a person would', () => {
    expect(sizeText(512, 'en')).toBe('512 bytes');
    expect(sizeText(1_449_000, 'en')).toBe('1.4 MB');
    expect(sizeText(845_000, 'zh-CN')).toMatch(/^845\s?(kB|千字节|KB)$/);
  });
});
