import { describe, expect, it } from 'vitest';
import { countText, pageTitle } from './badge';

describe('the title of the page', () => {
  it('begins with what is unread', () => {
    expect(pageTitle({ unread: 3, mentions: 0, place: 'Ada', app: 'Parley' })).toBe('(3) Ada · Parley');
    expect(pageTitle({ unread: 3, mentions: 1, app: 'Parley' })).toBe('(3 @) Parley');
  });

  it('counts a mention in a muted conversation, which is not among the unread', () => {
    expect(pageTitle({ unread: 0, mentions: 2, app: 'Parley' })).toBe('(2 @) Parley');
  });

  it('is only the place when all is read', () => {
    expect(pageTitle({ unread: 0, mentions: 0, place: '', app: 'Parley' })).toBe('Parley');
  });
});

describe('a count', () => {
  it('fits into its badge', () => {
    expect([0, 7, 999, 1000, -1].map(countText)).toEqual(['0', '7', '999', '999+', '0']);
  });
});
