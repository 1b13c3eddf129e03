import type { WorkingSet } from '../working-set.js';
import { subjectOf } from './subject.js';

/** Deletes a message for one user only. */
export interface HideChange {
  kind: 'hide';
  conversationId: string;
  messageId: string;
  actorId: string;
}

export function applyHide(set: WorkingSet, change: HideChange): void {
  const { conversation, message } = subjectOf(set, change);
  set.newHidden.push({ conversationNo: conversation.no, userId: change.actorId, seq: message.seq });
}
