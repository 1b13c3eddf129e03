import type { EventRow } from '../log-rows.js';
import { messageIdOf } from '../message-id.js';
import { messageNotFound, pinLimit, recalled, roleTooLow } from '../message.errors.js';
import type { WorkingSet } from '../working-set.js';
import { requireMaySend } from './send.js';
import { subjectOf } from './subject.js';

export const MAX_PINS = 50;

export interface PinChange {
  kind: 'pin';
  conversationId: string;
  messageId: string;
  actorId: string;
  pinned: boolean;
}

/** A pin is everybody's. Owners and admins set it in groups and rooms, both sides in a direct conversation. */
export function applyPin(set: WorkingSet, change: PinChange, now: number): EventRow {
  const { conversation, member, message } = subjectOf(set, change);
  if (set.isHidden(conversation.no, change.actorId, message.seq)) throw messageNotFound();
  const isLarge = conversation.kind === 'group' || conversation.kind === 'room';
  if (isLarge && member.role === 'member') throw roleTooLow();
  if ((message.pinnedAt !== 0) === change.pinned) return message;
  requireMaySend(conversation, member, now);
  const place = { conversationNo: conversation.no, messageSeq: message.seq };
  if (change.pinned) {
    if (message.recalledAt !== 0) throw recalled();
    if (set.marks.pinCount(conversation.no) >= MAX_PINS) throw pinLimit();
    set.marks.pin({ ...place, pinnedSeq: conversation.headSeq + 1 });
  } else set.marks.unpin(place);
  message.pinnedAt = change.pinned ? now : 0;
  message.pinnedBy = change.pinned ? change.actorId : '';
  const messageId = messageIdOf(conversation.no, message.seq);
  set.appendChange(
    conversation,
    message,
    { type: change.pinned ? 'message.pinned' : 'message.unpinned', at: now, actorId: change.actorId },
    JSON.stringify({ messageId, messageSeq: message.seq, userId: change.actorId }),
  );
  return message;
}
