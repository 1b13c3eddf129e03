import { describe, expect, it } from 'vitest';
import { foldUsername, parseDisplayName, parseUsername, searchWords } from './names.js';

const codeOf = (work: () => unknown) => {
  try {
    work();
    return 'ok';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('names', () => {
  it('keeps the username as it was typed and folds it for comparison', () => {
    expect(parseUsername(' Ann.Lee-2 ')).toEqual({ username: 'Ann.Lee-2', folded: 'ann.lee-2' });
    expect(parseUsername('ＡＢＣ')).toEqual({ username: 'ABC', folded: 'abc' });
  });

  it.each([
    '',
    'ab',
    'a'.repeat(33),
    '.abc',
    'abc.',
    'a b c',
    'ann@x',
    'аdmin',
    'an\nn',
    'a/../b',
    '__proto__',
    'a\0b',
  ])('refuses the username %j', (name) => {
    expect(codeOf(() => parseUsername(name))).toBe('request.invalid');
  });

  it('never folds a megabyte', () => {
    expect(foldUsername('a'.repeat(1_000_000))).toBe('');
  });

  it('lets display names be what people write, in one form', () => {
    expect(parseDisplayName('  Zoe\u0308   Ünïque ')).toBe('Zo\u00eb Ünïque');
    expect(parseDisplayName('李小龍 🐉')).toBe('李小龍 🐉');
    expect(parseDisplayName('two\u2028lines')).toBe('two lines');
    expect(parseDisplayName('a'.repeat(64))).toHaveLength(64);
  });

  it.each(['', '   ', 'a'.repeat(65), 'a\u0000b', 'a\u202eb', '\ud800', 'a\u200fb'])(
    'refuses the display name %j',
    (name) => {
      expect(codeOf(() => parseDisplayName(name))).toBe('request.invalid');
    },
  );

  it('finds a name by itself and by its words, folded, a bounded number of them', () => {
    expect(searchWords('Ann', 'Dr. Ann-Marie ＬＥＥ')).toEqual(['ann', 'dr. ann-marie lee', 'dr', 'marie', 'lee']);
    expect(searchWords('', 'a b c d e f g h i j k')).toHaveLength(9);
    expect(searchWords('', '🐉'.repeat(64))[0]).toSatisfy((word: string) => word.isWellFormed());
  });

  it('makes no word twice of long names that begin alike, which looked like a username that is taken', () => {
    // Few characters as they are typed, 75 when folded.
    const long = 'ﬃ'.repeat(25);
    const words = searchWords('ann', `${long}a-${long}b`);
    expect(new Set(words).size).toBe(words.length);
    const cutAtSpace = searchWords('ann', `${'a'.repeat(63)} b`);
    expect(new Set(cutAtSpace.map((word) => word.trimEnd())).size).toBe(cutAtSpace.length);
  });
});
