import type { EventRow } from '../log-rows.js';
import { notTheSender, recallWindowOver } from '../message.errors.js';
import type { WorkingSet } from '../working-set.js';
import { subjectOf } from './subject.js';
import type { MessageWindows } from './windows.js';

export interface RecallChange {
  kind: 'recall';
  conversationId: string;
  messageId: string;
  actorId: string;
}

/** Takes a message back: its text leaves the store with this commit. Senders have a window, owners and admins of the conversation have not. */
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
  set.changedMessages.add(message);
  set.append(conversation, {
    type: 'message.recalled',
    at: now,
    actorId: change.actorId,
    data: '',
    refSeq: message.seq,
    messageType: '',
    clientMsgId: '',
    deviceId: '',
    fingerprint: 0,
    mentions: '',
  });
  return message;
}
