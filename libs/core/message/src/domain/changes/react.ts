import type { EventRow } from '../log-rows.js';
import { messageIdOf } from '../message-id.js';
import { messageNotFound, notAMember, reactionLimit, recalled } from '../message.errors.js';
import { MAX_EMOJI, summariesOf, withoutReaction, withReaction } from '../reactions.js';
import type { WorkingSet } from '../working-set.js';
import { requireVoice } from './send.js';
import { subjectOf } from './subject.js';

export interface ReactChange {
  kind: 'react';
  conversationId: string;
  messageId: string;
  actorId: string;
  /** One emoji in the one spelling it has. */
  emoji: string;
  remove: boolean;
}

/** DEDUPE: by the row of (message, user, emoji). What is there already, or is not there, makes no event. */
export function applyReact(set: WorkingSet, change: ReactChange, now: number): EventRow {
  const { actorId, emoji, remove } = change;
  const no = set.conversations.get(change.conversationId)?.no;
  if (no === undefined || set.currentMember(no, actorId) === undefined) throw notAMember();
  const { conversation, member, message } = subjectOf(set, change);
  if (set.isHidden(conversation.no, actorId, message.seq)) throw messageNotFound();
  const key = { conversationNo: conversation.no, messageSeq: message.seq, userId: actorId, emoji };
  if (set.marks.hasReaction(key) === !remove) return message;
  // A reaction is said as much as a message is, but for where owner and admins alone send: what they say may be answered so.
  requireVoice(conversation, member, now);
  if (message.recalledAt !== 0) throw recalled();
  if (remove) set.marks.unreact(key);
  else {
    const used = summariesOf(message.reactions);
    // As no emoji counts twice for one user, this is also how many one user may have.
    if (used.length >= MAX_EMOJI && !used.some((one) => one.emoji === emoji)) throw reactionLimit();
    set.marks.react(key);
  }
  const { json, count } = (remove ? withoutReaction : withReaction)(message.reactions, emoji, actorId);
  message.reactions = json;
  const messageId = messageIdOf(conversation.no, message.seq);
  set.appendChange(
    conversation,
    message,
    { type: remove ? 'reaction.removed' : 'reaction.added', at: now, actorId },
    JSON.stringify({ messageId, messageSeq: message.seq, emoji, userId: actorId, count }),
  );
  return message;
}
