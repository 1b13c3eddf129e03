/** One user's reaction to one message. DEDUPE: all four name one row. */
export interface ReactionKey {
  conversationNo: number;
  messageSeq: number;
  userId: string;
  emoji: string;
}

export interface Pin {
  conversationNo: number;
  messageSeq: number;
  /** Of the event that pinned it: the order of pins. */
  pinnedSeq: number;
}

const reactionKey = (key: ReactionKey) => `${messageKey(key)}/${key.userId}/${key.emoji}`;
const messageKey = (key: { conversationNo: number; messageSeq: number }) => `${key.conversationNo}/${key.messageSeq}`;

/** Reactions and pins in a working set: the rows that were read, and what is to be written of them in the end. */
export class MarksInSet {
  /** Rows to write and to delete. No reaction is in both. */
  readonly newReactions = new Map<string, ReactionKey>();
  readonly goneReactions = new Map<string, ReactionKey>();
  /** Messages that lose all their reactions, before the new ones are written. */
  readonly cleared = new Map<string, { conversationNo: number; messageSeq: number }>();
  readonly newPins = new Map<string, Pin>();
  readonly gonePins = new Map<string, { conversationNo: number; messageSeq: number }>();
  private readonly reactions = new Set<string>();
  private readonly pinCounts = new Map<number, number>();

  loadReaction(key: ReactionKey): void {
    this.reactions.add(reactionKey(key));
  }

  hasReaction(key: ReactionKey): boolean {
    return this.reactions.has(reactionKey(key));
  }

  react(key: ReactionKey): void {
    const name = reactionKey(key);
    this.reactions.add(name);
    this.goneReactions.delete(name);
    this.newReactions.set(name, key);
  }

  unreact(key: ReactionKey): void {
    const name = reactionKey(key);
    this.reactions.delete(name);
    this.newReactions.delete(name);
    this.goneReactions.set(name, key);
  }

  /** Of a recalled message. It takes no new ones. */
  clear(message: { conversationNo: number; messageSeq: number }): void {
    const prefix = `${messageKey(message)}/`;
    for (const rows of [this.newReactions, this.goneReactions, this.reactions])
      for (const name of rows.keys()) if (name.startsWith(prefix)) rows.delete(name);
    this.cleared.set(messageKey(message), message);
  }

  loadPinCount(conversationNo: number, count: number): void {
    this.pinCounts.set(conversationNo, count);
  }

  pinCount(conversationNo: number): number {
    return this.pinCounts.get(conversationNo) ?? 0;
  }

  pin(pin: Pin): void {
    this.gonePins.delete(messageKey(pin));
    this.newPins.set(messageKey(pin), pin);
    this.pinCounts.set(pin.conversationNo, this.pinCount(pin.conversationNo) + 1);
  }

  unpin(message: { conversationNo: number; messageSeq: number }): void {
    this.newPins.delete(messageKey(message));
    this.gonePins.set(messageKey(message), message);
    this.pinCounts.set(message.conversationNo, this.pinCount(message.conversationNo) - 1);
  }
}
