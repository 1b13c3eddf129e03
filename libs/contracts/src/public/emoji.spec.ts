import { describe, expect, it } from 'vitest';
import { emoji, emojiOf } from './emoji.js';

describe('an emoji of a reaction', () => {
  it.each([
    ['👍', '👍'],
    ['👍🏽', '👍🏽'],
    ['\u2764', '\u2764\uFE0F'],
    ['\u2764\uFE0E', '\u2764\uFE0F'],
    ['\u2764\uFE0F', '\u2764\uFE0F'],
    ['1\u20E3', '1\uFE0F\u20E3'],
    ['\u{1F441}\u200D\u{1F5E8}', '\u{1F441}\uFE0F\u200D\u{1F5E8}\uFE0F'],
    ['\u26F9\u{1F3FB}\u200D\u2642', '\u26F9\u{1F3FB}\u200D\u2642\uFE0F'],
    ['🇩🇪', '🇩🇪'],
    ['👨‍👩‍👧‍👦', '👨‍👩‍👧‍👦'],
    ['🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🏴󠁧󠁢󠁥󠁮󠁧󠁿'],
  ])('%s has one spelling', (given, qualified) => {
    expect(emojiOf(given)).toBe(qualified);
    expect(emojiOf(qualified)).toBe(qualified);
    expect(emoji.parse(given)).toBe(qualified);
  });

  it.each(['', 'a', '1', '👍👍', '👍 ', '🇩', '\u200D', '\uFE0F', '\uD83D', '👍'.repeat(100)])('%j is none', (given) => {
    expect(emojiOf(given)).toBeUndefined();
    expect(emoji.safeParse(given).success).toBe(false);
  });
});
