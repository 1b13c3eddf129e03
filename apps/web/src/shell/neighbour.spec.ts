import { describe, expect, it } from 'vitest';
import { neighbour } from './neighbour';

const list = ['a', 'b', 'c'].map((conversationId) => ({
  conversationId,
  settings: { archived: conversationId === 'b' },
}));

describe('the next conversation', () => {
  it('passes archived ones by and goes round', () => {
    expect(neighbour(list, 'a', 1)).toBe('c');
    expect(neighbour(list, 'c', 1)).toBe('a');
    expect(neighbour(list, 'a', -1)).toBe('c');
  });

  it('starts at an end when none is open', () => {
    expect(neighbour(list, undefined, 1)).toBe('a');
    expect(neighbour(list, undefined, -1)).toBe('c');
  });

  it('goes on from an archived one that is open', () => expect(neighbour(list, 'b', 1)).toBe('c'));
  it('is none in an empty list', () => expect(neighbour([], undefined, 1)).toBeUndefined());
});
