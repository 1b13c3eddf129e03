import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { snippetOf } from './match.js';
import { clausesOf, lookupTerms } from './query.js';
import { entryOf } from './searchable.js';
import { senderTerm, termsOf } from './terms.js';
import { unitsOf } from './units.js';

const words = (text: string) => unitsOf(text).map((unit) => unit.text);
const marked = (text: string, query: string) =>
  snippetOf([text], clausesOf(query))
    ?.filter(({ match }) => match)
    .map((part) => part.text);
const finds = (text: string, query: string) => {
  const terms = new Set(termsOf([unitsOf(text)]));
  return lookupTerms(clausesOf(query)).every((term) => terms.has(term)) && marked(text, query) !== undefined;
};

describe('units', () => {
  it.each([
    ['Hello, World!', ['hello', 'world']],
    ['ＡＢＣ ﬁne Ⓐ①', ['abc', 'fine', 'a1']],
    ['Straße ΟΔΟΣ İstanbul Ærø', ['strasse', 'οδοσ', 'istanbul', 'æro']],
    ['Café cafe\u0301 ñandú', ['cafe', 'cafe', 'nandu']],
    ['ещё йод', ['ещё', 'йод']],
    ['Parley 是聊天后端 v2', ['parley', '是', '聊', '天', '后', '端', 'v2']],
    ['ｶﾞｷﾞ がぎ ﾗｰﾒﾝ', ['ガ', 'ギ', 'が', 'ぎ', 'ラ', 'ー', 'メ', 'ン']],
    ['\u1112\u1161\u11ab\u1100\u116e\u11a8 한국', ['한', '국', '한', '국']],
    ['😀👨‍👩‍👧 1️⃣ 🇩🇪 ok', ['ok']],
    ['soft\u00adhyphen zero\u200bwidth', ['softhyphen', 'zerowidth']],
    ['ไทย', ['ไ', 'ท', 'ย']],
    ['\ud800a\udc00', ['a']],
    ['a\u0000b %_"\'*', ['a', 'b']],
  ])('of %s', (text, expected) => {
    expect(words(text)).toEqual(expected);
  });

  it('lie in the text, in order, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const units = unitsOf(text);
        for (const [i, { text: own, start, end }] of units.entries()) {
          expect(own.length).toBeGreaterThan(0);
          expect(own.length).toBeLessThanOrEqual(32);
          expect(start).toBeGreaterThanOrEqual(units[i - 1]?.start ?? 0);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
        }
      }),
    );
  });

  it('are the same however a text is composed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        expect(words(text.normalize('NFD'))).toEqual(words(text.normalize('NFC')));
      }),
    );
  });
});

describe('terms', () => {
  it('are bounded in length, number and characters', () => {
    const any = fc.string({ unit: 'binary', maxLength: 300 });
    fc.assert(
      fc.property(any, (text) => {
        for (const term of termsOf([unitsOf(text)])) {
          expect(term).toMatch(/^[\p{L}\p{N}\p{M}_]+$/u);
          expect(term.length).toBeLessThanOrEqual(40);
        }
      }),
    );
    const long = Array.from({ length: 9000 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join('');
    expect(termsOf([unitsOf(long)])).toHaveLength(4000);
  });

  it('tell senders apart, and are no words', () => {
    const ids = Array.from({ length: 2000 }, (_, i) => `user-${i}`);
    expect(new Set(ids.map(senderTerm)).size).toBe(ids.length);
    for (const id of ids) expect(senderTerm(id)).toMatch(/^_s[0-9a-z]+_[0-9a-z]+$/);
  });

  it('are those of every message that matches: what is looked up is never too narrow', () => {
    const piece = fc.constantFrom(
      'parley',
      'par',
      'Straße',
      '聊天',
      '后端',
      '天',
      'かな',
      '한국어',
      'v2',
      ' ',
      '，',
      '"',
      'é',
      '2024年',
    );
    const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, text, (message, query) => {
        const clauses = clausesOf(query);
        if (snippetOf([message], clauses) === undefined) return;
        const terms = new Set(termsOf([unitsOf(message)]));
        for (const term of lookupTerms(clauses)) expect(terms).toContain(term);
      }),
      { numRuns: 2000 },
    );
  });

  it('of a message are none where it was recalled or is none', () => {
    const row = { messageType: 'image', recalledAt: 0, actorId: 'ann', data: '{"fileId":"f","caption":"Sea"}' };
    expect(entryOf(row as never)).toEqual([senderTerm('ann'), '_timage', 'sea', 'se_', 'sea_']);
    expect(entryOf({ ...row, recalledAt: 1, data: '' } as never)).toEqual([]);
    expect(entryOf({ ...row, messageType: '' } as never)).toEqual([]);
    expect(entryOf({ ...row, messageType: 'custom', data: '{"kind":"k","data":{"text":"x"}}' } as never)).toHaveLength(
      2,
    );
  });
});

describe('a query', () => {
  const text = 'Parley 是聊天后端 v2, “Hello World” café';
  it.each([
    ['parley', true],
    ['PARL', true],
    ['arley', false],
    ['parl world', false],
    ['world parl', true],
    ['聊天', true],
    ['天后', true],
    ['聊后', false],
    ['天', true],
    ['Parley 后端 v2', true],
    ['是聊天后端', true],
    ['"hello world"', true],
    ['"world hello"', false],
    ['"hello wor"', false],
    ['"hello wor', true],
    ['world hello', true],
    ['CAFE', true],
    ['"parley 是聊"', true],
    ['“hello world”', true],
    ['parley nothing', false],
    ['v2', true],
    ['v', false],
  ])('%s: %s', (query, expected) => {
    expect(finds(text, query)).toBe(expected);
  });

  it('finds a word by each of its beginnings', () => {
    const word = 'extraordinary';
    for (let length = 2; length <= word.length; length += 1)
      expect(finds(`an ${word} day`, word.slice(0, length))).toBe(true);
  });

  it('of signs or emoji alone holds nothing', () => {
    for (const query of ['', '😀', '""', '" "', '%_*()', 'NEAR(', '\u0000']) {
      const clauses = clausesOf(query);
      expect(clauses.every(({ units }) => units.length > 0)).toBe(true);
      expect(lookupTerms(clauses)).toEqual(clauses.length === 0 ? [] : ['nea_']);
    }
  });

  it('of any length is looked up by few terms', () => {
    expect(lookupTerms(clausesOf('聊天后端是什么东西'.repeat(1000))).length).toBeLessThanOrEqual(12);
    expect(clausesOf('word '.repeat(10_000)).length).toBeLessThanOrEqual(64);
  });
});

describe('a snippet', () => {
  it('marks the matches in the text as it was written', () => {
    expect(snippetOf(['Im Café, CAFE\u0301 und cafe'], clausesOf('cafe'))).toEqual([
      { text: 'Im ', match: false },
      { text: 'Café', match: true },
      { text: ', ', match: false },
      { text: 'CAFE\u0301', match: true },
      { text: ' und ', match: false },
      { text: 'cafe', match: true },
    ]);
    expect(marked('我们的聊天，聊天记录', '聊天')).toEqual(['聊天', '聊天']);
  });

  it('is the part of the message that has most of it', () => {
    const parts = snippetOf(['nothing here', 'a plan and a plan'], clausesOf('plan'));
    expect(parts?.map((part) => part.text).join('')).toBe('a plan and a plan');
  });

  it('begins with a whole word where there are words', () => {
    const parts = snippetOf(['Good morning! Did you get the long notes about the engine?'], clausesOf('engine'));
    expect(parts?.map((part) => part.text).join('')).toBe('…Did you get the long notes about the engine?');
  });

  it('is a piece of the text, cut where it is long, and never within a character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 400 }),
        fc.string({ unit: 'binary', maxLength: 400 }),
        (before, behind) => {
          const text = `${before} needle ${behind}`;
          const parts = snippetOf([text], clausesOf('needle')) ?? [];
          expect(parts.some(({ match, text: own }) => match && own.toLowerCase().includes('needle'))).toBe(true);
          const whole = parts.map((part) => part.text).join('');
          expect(text).toContain(whole.replace(/^…/, before.startsWith('…') ? '…' : '').replace(/…$/, ''));
          expect(whole.length).toBeLessThan(260);
        },
      ),
    );
    const emoji = '😀'.repeat(200);
    expect(snippetOf([`${emoji}needle${emoji}`], clausesOf('needle'))?.every((part) => part.text.isWellFormed())).toBe(
      true,
    );
  });
});
