import type { WorkingSet } from '../working-set.js';
import { subjectOf } from './subject.js';

/** Deletes a message for one user only. */
export interface HideChange {
  kind: 'hide';
  conversationId: string;
  messageId: string;
  actorId: string;
}

export interface HideOutcome {
  seq: number;
  /** False for a repeat. */
  isNew: boolean;
}

export function applyHide(set: WorkingSet, change: HideChange, now: number): HideOutcome {
  const { conversation, message } = subjectOf(set, change);
  const isNew = !set.isHidden(conversation.no, change.actorId, message.seq);
  if (isNew)
    set.hide({
      conversationNo: conversation.no,
      userId: change.actorId,
      seq: message.seq,
      atSeq: conversation.headSeq,
      at: now,
    });
  return { seq: message.seq, isNew };
}
