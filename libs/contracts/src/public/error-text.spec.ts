import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from './error-codes.js';
import { ERROR_TEXTS_ZH_CN } from './error-codes.zh-cn.js';
import { errorLanguage, errorText } from './error-text.js';

const codes = Object.keys(ERROR_CODES);

describe('error texts', () => {
  it('has both texts of every code in both languages', () => {
    for (const language of ['en', 'zh-CN'] as const)
      for (const code of codes) {
        const { meaning, advice } = errorText(code, language)!;
        expect(
          [meaning, advice].every((text) => text.trim() !== ''),
          code,
        ).toBe(true);
      }
    expect(Object.keys(ERROR_TEXTS_ZH_CN).sort()).toEqual(codes.sort());
  });

  it('names the same fields in both languages', () => {
    const fields = (text: string) => text.match(/`\w+`/g) ?? [];
    for (const code of codes)
      expect(fields(errorText(code, 'zh-CN')!.advice), code).toEqual(fields(errorText(code, 'en')!.advice));
  });

  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh-CN'],
    ['zh-Hans-CN', 'zh-CN'],
    ['zh, en', 'zh-CN'],
    ['en, zh', 'en'],
    ['en-US,en;q=0.9,zh;q=0.8', 'en'],
    ['en;q=0.3, zh;q=0.5', 'zh-CN'],
    ['fr, zh;q=0.5', 'zh-CN'],
    ['zh;q=0', 'en'],
    ['*', 'en'],
    ['zh;q=nonsense', 'en'],
  ])('reads %j as %s', (header, language) => {
    expect(errorLanguage(header)).toBe(language);
  });
});
