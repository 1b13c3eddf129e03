import { describe, expect, it } from 'vitest';
import { mentionAt, mentionsIn, withMention } from './mention-query';

describe('mentionAt', () => {
  it.each([
    ['@', '', 0],
    ['hi @an', 'an', 3],
    ['你好@李', '李', 2],
    ['(@bo', 'bo', 1],
  ])('in %j begins with %j', (text, prefix, start) => {
    expect(mentionAt(text, text.length)).toEqual({ start, prefix });
  });

  it.each(['', 'ann', 'ann@mail', '@ann lee', `@${'x'.repeat(40)}`])('is none in %j', (text) => {
    expect(mentionAt(text, text.length)).toBeUndefined();
  });

  it('looks only at what is before the caret', () => {
    expect(mentionAt('@an and more', 3)).toEqual({ start: 0, prefix: 'an' });
  });
});

describe('withMention', () => {
  it('puts the name in, one space after it and the caret behind', () => {
    expect(withMention('hi @an there', 6, { start: 3, prefix: 'an' }, 'Ann Lee')).toEqual(['hi @Ann Lee there', 12]);
    expect(withMention('@', 1, { start: 0, prefix: '' }, 'Bo')).toEqual(['@Bo ', 4]);
  });
});

describe('mentionsIn', () => {
  it('forgets those whose name was deleted', () => {
    const picked = [
      { userId: '1', name: 'Ann' },
      { userId: '2', name: 'Bo' },
      { userId: '1', name: 'Ann' },
    ];
    expect(mentionsIn('hello @Ann', picked)).toEqual(['1']);
  });
});
