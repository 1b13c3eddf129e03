import type { ItemKeys } from '../messages/items.js';
import { itemOfEntry, itemOfMessage } from '../messages/items.js';
import type { ConversationRecord, OutboxEntry } from '../store/shapes.js';
import type { Person } from '../api.js';
import type { ConversationItem } from '../types.js';

export interface Beside {
  me: string;
  keys: ItemKeys;
  draft: string | undefined;
  /** Entries of this conversation, in their order. */
  entries: readonly OutboxEntry[];
  person: Person | undefined;
}

/** A conversation as lists show it. */
export function conversationItem(record: ConversationRecord, beside: Beside): ConversationItem {
  const { state, count, last, head, stateSeq } = record;
  const { me, keys, draft, entries, person } = beside;
  const unsent = entries.at(-1);
  const newest = unsent ? itemOfEntry(unsent, me, undefined) : last && itemOfMessage(last, me, keys);
  const { lastActivityAt } = state;
  return {
    ...state,
    headSeq: Math.max(head.seq, stateSeq),
    unreadCount: count.unread,
    mentionCount: count.mentions,
    lastActivityAt: unsent !== undefined && unsent.createdAt > lastActivityAt ? unsent.createdAt : lastActivityAt,
    displayTitle: state.title || (person?.displayName ?? state.peer?.displayName ?? ''),
    failedCount: entries.filter((entry) => entry.state === 'failed').length,
    ...(newest && { lastMessage: newest }),
    ...(draft !== undefined && { draft }),
  };
}

/** Pinned ones first, then by latest activity. */
export function compareItems(a: ConversationItem, b: ConversationItem): number {
  if (a.settings.pinned !== b.settings.pinned) return a.settings.pinned ? -1 : 1;
  if (a.lastActivityAt !== b.lastActivityAt) return a.lastActivityAt > b.lastActivityAt ? -1 : 1;
  return a.conversationId < b.conversationId ? -1 : 1;
}
