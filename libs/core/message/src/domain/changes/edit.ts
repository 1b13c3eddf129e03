import type { EventRow } from '../log-rows.js';
import { editWindowOver, notTheSender, recalled, typeMismatch } from '../message.errors.js';
import type { WorkingSet } from '../working-set.js';
import { addMentions, mentionsJson, removeMentions, requireMayMention } from './mention.js';
import { requireMaySend } from './send.js';
import { subjectOf } from './subject.js';
import type { MessageWindows } from './windows.js';

export interface EditChange {
  kind: 'edit';
  conversationId: string;
  messageId: string;
  actorId: string;
  contentJson: string;
  /** Undefined: as they are. */
  mentions?: readonly string[] | undefined;
}

export function applyEdit(set: WorkingSet, change: EditChange, now: number, windows: MessageWindows): EventRow {
  const { conversation, member, message } = subjectOf(set, change);
  if (message.actorId !== change.actorId) throw notTheSender();
  if (message.recalledAt !== 0) throw recalled();
  if (now - message.at > windows.editMs) throw editWindowOver();
  // A repeat of the same edit changes nothing and adds no event.
  const mentions = change.mentions === undefined ? message.mentions : mentionsJson(change.mentions);
  if (message.data === change.contentJson && message.mentions === mentions) return message;
  // New text is said as much as a new message is.
  requireMaySend(conversation, member, now);
  if (!sameShape(message.data, change.contentJson)) throw typeMismatch();
  requireMayMention(conversation, member, change.mentions ?? [], message.mentions);
  if (message.mentions !== mentions) {
    removeMentions(set, message);
    message.mentions = mentions;
    addMentions(set, message);
  }
  message.data = change.contentJson;
  message.editedAt = now;
  set.appendChange(conversation, message, { type: 'message.edited', at: now, actorId: change.actorId });
  return message;
}

/** The distinguishing required fields of each type: new content must keep the one that its type cannot be without. */
const MARKS = ['text', 'fileId', 'kind', 'lat', 'userId', 'items'] as const;

function sameShape(before: string, after: string): boolean {
  const [a, b] = [JSON.parse(before), JSON.parse(after)] as [object, object];
  return MARKS.every((mark) => mark in a === mark in b);
}
