import { describe, expect, it } from 'vitest';
import { filtered } from './filter';

const item = (conversationId: string, over: object = {}) => ({
  conversationId,
  kind: 'direct' as const,
  displayTitle: conversationId,
  unreadCount: 0,
  mentionCount: 0,
  settings: { muted: false, pinned: false, archived: false },
  ...over,
});
const archived = { settings: { muted: false, pinned: false, archived: true } };
const list = [
  item('ada', { displayTitle: 'Ada Lovelace' }),
  item('elodie', { displayTitle: 'Élodie Brûlé', unreadCount: 2 }),
  item('wang', { displayTitle: '王小明' }),
  item('hike', { kind: 'group', displayTitle: 'Weekend hike', mentionCount: 1 }),
  item('old', { kind: 'group', displayTitle: 'Old hike', unreadCount: 4, ...archived }),
];
const ids = (shown: readonly { conversationId: string }[]): string[] => shown.map((one) => one.conversationId);

describe('the list of conversations', () => {
  it('leaves the archive out, except where one looks into it', () => {
    expect(ids(filtered(list, 'all', ''))).toEqual(['ada', 'elodie', 'wang', 'hike']);
    expect(ids(filtered(list, 'archived', ''))).toEqual(['old']);
  });

  it('shows what is unread, and the open one while it is read', () => {
    expect(ids(filtered(list, 'unread', ''))).toEqual(['elodie', 'hike']);
    expect(ids(filtered(list, 'unread', '', 'wang'))).toEqual(['elodie', 'wang', 'hike']);
  });

  it('finds by any words of a name, without accents, also in the archive', () => {
    expect(ids(filtered(list, 'all', 'love ada'))).toEqual(['ada']);
    expect(ids(filtered(list, 'all', 'brule'))).toEqual(['elodie']);
    expect(ids(filtered(list, 'all', '小明'))).toEqual(['wang']);
    expect(ids(filtered(list, 'groups', 'HIKE'))).toEqual(['hike', 'old']);
    expect(ids(filtered(list, 'all', 'nobody'))).toEqual([]);
  });
});
