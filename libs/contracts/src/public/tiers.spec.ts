import { describe, expect, it } from 'vitest';
import { conversationTier } from './tiers.js';

describe('the tier of a conversation', () => {
  it.each([
    [1, 'small'],
    [200, 'small'],
    [201, 'large'],
    [2000, 'large'],
    [2001, 'huge'],
  ])('of %i members is %s', (members, name) => {
    expect(conversationTier(members).name).toBe(name);
  });

  it('reduces receipts from members to counts to nothing', () => {
    expect([1, 500, 5000].map((members) => conversationTier(members).receipts)).toEqual(['member', 'count', 'off']);
  });
});
