import type { EventRow } from '../log-rows.js';
import { notTheSender, recallWindowOver } from '../message.errors.js';
import type { WorkingSet } from '../working-set.js';
import { removeMentions } from './mention.js';
import { subjectOf } from './subject.js';
import type { MessageWindows } from './windows.js';

export interface RecallChange {
  kind: 'recall';
  conversationId: string;
  messageId: string;
  actorId: string;
}

/** Takes a message back: its text, mentions, reactions and pin leave the store with this commit. Senders have a window, owners and admins of the conversation have not. */
export function applyRecall(set: WorkingSet, change: RecallChange, now: number, windows: MessageWindows): EventRow {
  const { conversation, member, message } = subjectOf(set, change);
  if (message.recalledAt !== 0) return message;
  const moderates = member.role !== 'member' && conversation.kind !== 'direct';
  if (!moderates) {
    if (message.actorId !== change.actorId) throw notTheSender();
    if (now - message.at > windows.recallMs) throw recallWindowOver();
  }
  message.data = '';
  message.recalledAt = now;
  message.recalledBy = change.actorId;
  removeMentions(set, message);
  const place = { conversationNo: conversation.no, messageSeq: message.seq };
  if (message.reactions !== '') set.marks.clear(place);
  if (message.pinnedAt !== 0) set.marks.unpin(place);
  Object.assign(message, { mentions: '', reactions: '', pinnedAt: 0, pinnedBy: '' });
  set.appendChange(conversation, message, { type: 'message.recalled', at: now, actorId: change.actorId });
  return message;
}
