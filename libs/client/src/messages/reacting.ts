import type { MessageItem, TimelineItem } from '../types.js';

type Shown = NonNullable<MessageItem['reactions']>[number];

/** Reactions that were asked for and not answered yet, laid over what the server said. */
export class Reacting {
  readonly #asked = new Map<string, Map<string, boolean>>();

  constructor(private readonly changed: (messageId: string) => void) {}

  async run(messageId: string, emoji: string, on: boolean, send: () => Promise<void>): Promise<void> {
    const of = this.#asked.get(messageId) ?? new Map<string, boolean>();
    this.#asked.set(messageId, of.set(emoji, on));
    this.changed(messageId);
    try {
      await send();
    } finally {
      of.delete(emoji);
      if (of.size === 0) this.#asked.delete(messageId);
      this.changed(messageId);
    }
  }

  over(item: TimelineItem, me: string): TimelineItem {
    if (item.kind !== 'message' || item.message.messageId === undefined) return item;
    const asked = this.#asked.get(item.message.messageId);
    if (asked === undefined) return item;
    let reactions = item.message.reactions ?? [];
    for (const [emoji, on] of asked) reactions = withMine(reactions, emoji, on, me);
    return { kind: 'message', message: { ...item.message, reactions } };
  }
}

function withMine(reactions: Shown[], emoji: string, on: boolean, me: string): Shown[] {
  const known = reactions.find((one) => one.emoji === emoji) ?? { emoji, count: 0, userIds: [], mine: false };
  if (known.mine === on) return reactions;
  const userIds = on ? [...known.userIds, me] : known.userIds.filter((one) => one !== me);
  const next = { emoji, count: known.count + (on ? 1 : -1), userIds, mine: on };
  if (!reactions.includes(known)) return [...reactions, next];
  return reactions.flatMap((one) => (one === known ? (next.count > 0 ? [next] : []) : [one]));
}
