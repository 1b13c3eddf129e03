import type { ConversationEvent, Message } from '../api.js';
import type { Row } from './shapes.js';

type Reaction = NonNullable<Message['reactions']>[number];

/** How many reactors are named, see `reactions` of a message. */
const NAMED_REACTORS = 50;

const CHANGES = new Set([
  'message.edited',
  'message.recalled',
  'message.pinned',
  'message.unpinned',
  'reaction.added',
  'reaction.removed',
]);
const NOTICES = new Set([
  'member.joined',
  'member.left',
  'member.removed',
  'member.changed',
  'conversation.changed',
  'conversation.disbanded',
  'announcement.changed',
  'call.started',
  'call.ended',
  'message.pinned',
]);

/** Of a message that I deleted for myself, the log keeps the place only. */
const isHidden = ({ data }: ConversationEvent) => data['hidden'] === true;
export const hiddenBy = (event: ConversationEvent) =>
  isHidden(event) ? [{ seq: event.data['messageSeq'] as number, messageId: event.data['messageId'] as string }] : [];
export const changesMessage = (event: ConversationEvent) => CHANGES.has(event.type) && !isHidden(event);
/** The seq of the message that an event changes. */
export const subjectOf = (event: ConversationEvent) => event.data['messageSeq'] as number;

/** The line that an event is in the timeline; undefined where it is none. */
export function rowOf(event: ConversationEvent): Row | undefined {
  const { seq, type, data } = event;
  if (isHidden(event)) return undefined;
  if (type === 'message.created') {
    const message = data as unknown as Message;
    return { seq, changedSeq: message.changedSeq, message };
  }
  return NOTICES.has(type) ? { seq, changedSeq: seq, notice: event } : undefined;
}

export const rowOfMessage = (message: Message): Row => ({
  seq: message.seq,
  changedSeq: message.changedSeq,
  message,
});

/** The message after an event; the same object where the event is not news to it. */
export function changed(message: Message, event: ConversationEvent, me: string): Message {
  if (event.seq <= message.changedSeq) return message;
  const next: Message = { ...message, changedSeq: event.seq };
  const { data } = event;
  switch (event.type) {
    case 'message.edited':
    case 'message.recalled':
      // An event that is read late tells how its message is by now, so both may say that it was recalled.
      if (data['recalledAt'] !== undefined) {
        delete next.content;
        delete next.mentions;
        next.recalledAt = data['recalledAt'] as string;
        if (data['recalledBy'] !== undefined) next.recalledBy = data['recalledBy'] as string;
      } else {
        next.content = data['content'] as Record<string, unknown>;
        next.editedAt = (data['editedAt'] as string | undefined) ?? event.at;
        if (data['mentions'] !== undefined) next.mentions = data['mentions'] as string[];
      }
      break;
    case 'message.pinned':
      next.pinnedAt = event.at;
      next.pinnedBy = event.actorId;
      break;
    case 'message.unpinned':
      delete next.pinnedAt;
      delete next.pinnedBy;
      break;
    default:
      next.reactions = reacted(next.reactions ?? [], event, me);
      if (next.reactions.length === 0) delete next.reactions;
  }
  return next;
}

export function changedRow(row: Row, event: ConversationEvent, me: string): Row {
  if (row.message === undefined) return row;
  const message = changed(row.message, event, me);
  return message === row.message ? row : { seq: row.seq, changedSeq: event.seq, message };
}

function reacted(reactions: readonly Reaction[], event: ConversationEvent, me: string): Reaction[] {
  const { emoji, userId, count } = event.data as { emoji: string; userId: string; count?: number };
  const added = event.type === 'reaction.added';
  const known = reactions.find((one) => one.emoji === emoji) ?? { emoji, count: 0, userIds: [], mine: false };
  const others = known.userIds.filter((one) => one !== userId);
  const next: Reaction = {
    emoji,
    count: count ?? Math.max(0, known.count + (added ? 1 : -1)),
    userIds: added && others.length < NAMED_REACTORS ? [...others, userId] : others,
    mine: userId === me ? added : (known.mine ?? known.userIds.includes(me)),
  };
  const rest = next.count === 0 ? [] : [next];
  return reactions.some((one) => one.emoji === emoji)
    ? reactions.flatMap((one) => (one.emoji === emoji ? rest : [one]))
    : [...reactions, ...rest];
}
