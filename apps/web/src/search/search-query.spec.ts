import { describe, expect, it } from 'vitest';
import { filtersOf, NO_FILTERS, searchQuery, urlOf } from './search-query';

describe('the filters of a search', () => {
  it('nothing to look for asks nothing', () => {
    expect(searchQuery({ ...NO_FILTERS, q: '  ', type: 'image' })).toBeUndefined();
  });

  it('leaves out what is not set', () => {
    expect(searchQuery({ ...NO_FILTERS, q: ' 你好 ' })).toEqual({ q: '你好' });
  });

  it('days are whole days of the reader', () => {
    const query = searchQuery({ ...NO_FILTERS, q: 'a', since: '2026-11-20', until: '2026-11-21' });
    expect(new Date(query?.from ?? '').getHours()).toBe(0);
    expect(Date.parse(query?.to ?? '') - Date.parse(query?.from ?? '')).toBe(2 * 24 * 3600_000 - 1);
  });

  it('comes back from the URL as it was', () => {
    const filters = {
      ...NO_FILTERS,
      q: 'plan',
      conversationId: 'world',
      senderId: 'u1',
      type: 'file',
      until: '2026-01-01',
    };
    expect(filtersOf(urlOf(filters))).toEqual(filters);
    expect(filtersOf({ q: ['a', 'b'] })).toEqual(NO_FILTERS);
  });
});
