import type { MessageItem, WindowState } from '@parley/client';

/** What of a window has been read out, or need not be. */
export interface Heard {
  seq: number;
}

export interface News {
  /** The newest of them. */
  message: MessageItem;
  count: number;
}

/**
 * What others have written at the end of the window since the last call. Nothing for what comes with the first page, with older pages
 * or with a jump: that is not new, only shown.
 */
export function newsIn(state: WindowState, heard: Heard): News | undefined {
  const before = heard.seq;
  let message: MessageItem | undefined;
  let count = 0;
  for (let index = state.items.length - 1; index >= 0; index--) {
    const item = state.items[index];
    const seq = item?.kind === 'message' ? item.message.seq : item?.notice.seq;
    // Unsent ones stand below all others.
    if (seq === undefined) continue;
    if (seq <= before) break;
    heard.seq = Math.max(heard.seq, seq);
    if (item?.kind !== 'message' || item.message.mine || item.message.recalledAt !== undefined) continue;
    message ??= item.message;
    count += 1;
  }
  const isNew = state.loading === undefined || state.loading === 'older';
  return message === undefined || !isNew || state.hasNewer ? undefined : { message, count };
}

/** Two bits of news that nobody has been told of yet, as one. */
export const together = (one: News | undefined, next: News): News => ({
  message: next.message,
  count: (one?.count ?? 0) + next.count,
});
