import { describe, expect, it } from 'vitest';
import { en as enFirst } from './en';
import { enLater } from './en-later';
import { zhCN as zhFirst } from './zh-CN';
import { zhCNLater } from './zh-CN-later';

const en: Record<string, unknown> = { ...enFirst, ...enLater };
const zhCN: Record<string, unknown> = { ...zhFirst, ...zhCNLater };

function flat(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  return Object.entries(value as Record<string, unknown>).flatMap(([key, inner]) =>
    flat(inner, path === '' ? key : `${path}.${key}`),
  );
}

const texts = (area: unknown): Map<string, string> => new Map(flat(area));
const placeholders = (text: string): string[] => [...new Set(text.match(/\{[^}]*\}/gu))].sort();

describe('English and Chinese', () => {
  it('have the same areas', () => expect(Object.keys(zhCN).sort()).toEqual(Object.keys(en).sort()));

  it.each(Object.keys(en))('say the same things in %s, with the same placeholders', (area) => {
    const [english, chinese] = [texts(en[area]), texts(zhCN[area])];
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort());
    for (const [key, text] of english) {
      expect(text.trim(), key).not.toBe('');
      expect(chinese.get(key)?.trim(), key).not.toBe('');
      expect({ key, in: placeholders(chinese.get(key) ?? '') }).toEqual({ key, in: placeholders(text) });
    }
  });
});
