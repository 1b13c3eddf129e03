import { describe, expect, it } from 'vitest';
import { passwordStrength } from './password-strength';

describe('the hint on a password', () => {
  it.each([
    ['short', 0],
    ['x'.repeat(129), 0],
    ['aaaaaaaaaa', 1],
    ['password1', 1],
    ['12345678', 1],
    ['correct horse battery staple', 3],
    ['kfjwmcpq', 1],
    ['kfjw-mcpq', 2],
    ['T7#kq9!mZ2x', 3],
    ['我的密码是很长的一句话呢没有人猜', 3],
  ])('for %s is %s', (password, strength) => expect(passwordStrength(password)).toBe(strength));

  it('is weak when the name is in it', () => expect(passwordStrength('ada-lovelace', 'ada')).toBe(1));
});
