import { describe, expect, it } from 'vitest';
import { bigEmoji, tokenize } from './tokens';

const links = (text: string) => tokenize(text).flatMap((token) => (token.kind === 'link' ? [token.href] : []));
const whole = (text: string) =>
  tokenize(text)
    .map((token) => token.text)
    .join('');

describe('tokenize', () => {
  it('finds addresses and leaves what ends the sentence', () => {
    expect(links('See https://a.example/b?c=1, then www.b.example.')).toEqual([
      'https://a.example/b?c=1',
      'https://www.b.example',
    ]);
    expect(links('(https://en.example/wiki/Go_(game))')).toEqual(['https://en.example/wiki/Go_(game)']);
  });

  it('ends an address where Chinese goes on without a space', () => {
    expect(links('看https://a.example/x。好的')).toEqual(['https://a.example/x']);
    expect(links('https://a.example/x这个')).toEqual(['https://a.example/x']);
  });

  it('writes to mail addresses', () => {
    expect(links('ada@mail.example!')).toEqual(['mailto:ada@mail.example']);
  });

  it('never links a script', () => {
    expect(links('javascript:alert(1) data:text/html,x <script>https://</script>')).toEqual([]);
  });

  it('marks those who are mentioned, the longer name first', () => {
    const names = [
      { userId: '1', name: 'Ann' },
      { userId: '2', name: 'Ann Lee' },
    ];
    expect(tokenize('hi @Ann Lee and @Ann, not @Bob', names)).toEqual([
      { kind: 'text', text: 'hi ' },
      { kind: 'mention', text: '@Ann Lee', userId: '2' },
      { kind: 'text', text: ' and ' },
      { kind: 'mention', text: '@Ann', userId: '1' },
      { kind: 'text', text: ', not @Bob' },
    ]);
  });

  it.each(['', 'a', 'x https://a.example y', 'awww.b.example', '<b>@x</b>', 'مرحبا https://a.example عالم'])(
    'loses nothing of %j',
    (text) => expect(whole(text)).toBe(text),
  );
});

describe('bigEmoji', () => {
  it.each([
    ['😀', 1],
    ['👩‍👩‍👧 👍🏽', 2],
    ['🇫🇷', 1],
    ['❤️', 1],
    ['1️⃣', 1],
    ['12', 0],
    ['😀 a', 0],
    ['😀😀😀😀😀😀😀', 0],
    ['', 0],
  ])('%s → %i', (text, count) => expect(bigEmoji(text)).toBe(count));
});
