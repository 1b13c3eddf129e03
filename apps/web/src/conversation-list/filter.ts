import type { ConversationItem } from '@parley/client';
import { matches } from '../lib/search-text';

export const FILTERS = ['all', 'unread', 'groups', 'archived'] as const;
export type Filter = (typeof FILTERS)[number];

type Listed = Pick<
  ConversationItem,
  'kind' | 'displayTitle' | 'unreadCount' | 'mentionCount' | 'settings' | 'conversationId'
>;

/**
 * The list as it is shown; its order stays. Whoever types looks for a name, so the archive is looked through as well.
 * `open` stays among the unread ones while it is read, or it would vanish under the reader.
 */
export function filtered<T extends Listed>(
  list: readonly T[],
  filter: Filter,
  typed: string,
  open?: string,
): readonly T[] {
  const text = typed.trim();
  return list.filter((item) => {
    if (text !== '') return inFilter(item, filter, open, true) && matches([item.displayTitle], text);
    return inFilter(item, filter, open, false);
  });
}

function inFilter(item: Listed, filter: Filter, open: string | undefined, withArchive: boolean): boolean {
  const { archived } = item.settings;
  switch (filter) {
    case 'all':
      return withArchive || !archived;
    case 'unread':
      return !archived && (item.unreadCount > 0 || item.mentionCount > 0 || item.conversationId === open);
    case 'groups':
      return (withArchive || !archived) && (item.kind === 'group' || item.kind === 'room');
    case 'archived':
      return archived;
  }
}
