import type { ConversationItem, MessageItem, TimelineItem } from '@parley/client';

export type Mark = 'waiting' | 'failed' | 'sent' | 'delivered' | 'read';

/** The mark beside a message of mine. In a group it is delivered, or read, when it is so for everybody. */
export function markOf(message: MessageItem, conversation: ConversationItem | undefined): Mark {
  if (message.state === 'failed') return 'failed';
  if (message.state !== 'committed' || message.seq === undefined) return 'waiting';
  const others = conversation?.cursors ?? [];
  const expected = conversation?.kind === 'direct' ? 1 : (conversation?.memberCount ?? 1) - 1;
  if (expected < 1 || others.length < expected) return 'sent';
  const { seq } = message;
  if (others.every((one) => one.readSeq >= seq)) return 'read';
  return others.every((one) => one.deliveredSeq >= seq) ? 'delivered' : 'sent';
}

/** For each reader the newest of my messages that they have read, by its seq: where their face stands. */
export function readersBySeq(
  items: readonly TimelineItem[],
  conversation: ConversationItem | undefined,
): ReadonlyMap<number, readonly string[]> {
  const faces = new Map<number, string[]>();
  let waiting = (conversation?.cursors ?? []).map(({ userId, readSeq }) => ({ userId, readSeq }));
  for (let index = items.length - 1; index >= 0 && waiting.length > 0; index--) {
    const item = items[index];
    if (item?.kind !== 'message' || !item.message.mine || item.message.seq === undefined) continue;
    const { seq } = item.message;
    const here = waiting.filter((one) => one.readSeq >= seq).map((one) => one.userId);
    if (here.length === 0) continue;
    faces.set(seq, here);
    waiting = waiting.filter((one) => one.readSeq < seq);
  }
  return faces;
}
