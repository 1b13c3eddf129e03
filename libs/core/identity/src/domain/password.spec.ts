import { describe, expect, it } from 'vitest';
import { COMMON_PASSWORDS } from './common-passwords.js';
import { normalizePassword, parseNewPassword } from './password.js';

const codeOf = (work: () => unknown) => {
  try {
    work();
    return 'ok';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('passwords', () => {
  it('takes 8 to 128 characters of anything, spaces and emoji included, untruncated', () => {
    const long = 'ab '.repeat(42) + 'cd';
    expect(parseNewPassword(long, 'ann')).toBe(long);
    expect(parseNewPassword('🐉🐉ab🐈cde', 'ann')).toBe('🐉🐉ab🐈cde');
    expect(codeOf(() => parseNewPassword('a1b2c3d', 'ann'))).toBe('auth.password_unacceptable');
    expect(codeOf(() => parseNewPassword('abc'.repeat(43), 'ann'))).toBe('auth.password_unacceptable');
    expect(codeOf(() => parseNewPassword('🐉🐈🐁', 'ann'))).toBe('auth.password_unacceptable');
    expect(codeOf(() => parseNewPassword('abcdefg\ud800', 'ann'))).toBe('auth.password_unacceptable');
  });

  it('is one password however the keyboard composes it', () => {
    expect(parseNewPassword('pa\u0308ssword ﬁve', 'ann')).toBe(parseNewPassword('pässword five', 'ann'));
  });

  it('refuses those that are tried first, in any case and width', () => {
    expect(COMMON_PASSWORDS.size).toBeGreaterThan(500);
    for (const common of [
      'password',
      'PassWord1',
      'ｐａｓｓｗｏｒｄ',
      'qwertyuiop',
      '12345678',
      'aaaaaaaaaa',
      'Summer2026',
    ])
      expect(
        codeOf(() => parseNewPassword(common, 'ann')),
        common,
      ).toBe('auth.password_unacceptable');
    expect(codeOf(() => parseNewPassword('annabella-1', 'Annabella-1'))).toBe('auth.password_unacceptable');
  });

  it('looks at the size before anything else', () => {
    expect(codeOf(() => normalizePassword('x'.repeat(1_000_000)))).toBe('limit.size');
    expect(codeOf(() => parseNewPassword('x'.repeat(1_000_000), 'ann'))).toBe('limit.size');
  });
});
