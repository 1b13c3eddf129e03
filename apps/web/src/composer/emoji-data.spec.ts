import { describe, expect, it } from 'vitest';
import { findEmoji, loadEmoji } from './emoji-data';

describe('findEmoji', () => {
  it('finds by the beginnings of words, labels first', async () => {
    const groups = await loadEmoji('en');
    const found = findEmoji(groups, 'thumbs').map((one) => one.emoji);
    expect(found.slice(0, 2)).toEqual(['👍️', '👎️']);
    expect(findEmoji(groups, 'zzzz')).toEqual([]);
    expect(findEmoji(groups, '')).toEqual([]);
  });

  it('finds in Chinese and in English on a Chinese page', async () => {
    const groups = await loadEmoji('zh-CN');
    expect(findEmoji(groups, '猫').length).toBeGreaterThan(3);
    expect(findEmoji(groups, 'cat').length).toBeGreaterThan(3);
  });
});
