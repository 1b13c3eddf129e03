import type { ConversationItem, MessageItem } from '@parley/client';

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

/** Who of the others has read up to this place; those who have not are left out. */
export function readersOf(seq: number, conversation: ConversationItem | undefined): string[] {
  return (conversation?.cursors ?? []).filter((one) => one.readSeq >= seq).map((one) => one.userId);
}
