import type { MessageId } from '@parley/kernel';

/**
 * A message's id is its place: conversation number and seq, both base 36. Unique without a generator, a clock or an index,
 * and it leads to the row by primary key. Opaque to clients.
 */
export function messageIdOf(conversationNo: number, seq: number): MessageId {
  return `${conversationNo.toString(36)}-${seq.toString(36)}` as MessageId;
}

/** Answers undefined for anything that no server made. */
export function placeOf(messageId: string): { conversationNo: number; seq: number } | undefined {
  const match = /^([0-9a-z]{1,10})-([0-9a-z]{1,10})$/.exec(messageId);
  if (match === null) return undefined;
  const place = {
    conversationNo: Number.parseInt(match[1] as string, 36),
    seq: Number.parseInt(match[2] as string, 36),
  };
  return messageIdOf(place.conversationNo, place.seq) === messageId ? place : undefined;
}
