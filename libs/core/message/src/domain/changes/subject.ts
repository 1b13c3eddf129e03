import type { ConversationRow, EventRow, MemberRow } from '../log-rows.js';
import { visibleFrom } from '../log-rows.js';
import { placeOf } from '../message-id.js';
import { conversationNotFound, messageNotFound } from '../message.errors.js';
import type { WorkingSet } from '../working-set.js';

/** The message that a change is about, if the actor may see it. Absent and forbidden answer alike. */
export function subjectOf(
  set: WorkingSet,
  change: { conversationId: string; messageId: string; actorId: string },
): { conversation: ConversationRow; member: MemberRow; message: EventRow } {
  const conversation = set.conversations.get(change.conversationId);
  const member = conversation && set.currentMember(conversation.no, change.actorId);
  if (conversation === undefined || member === undefined) throw conversationNotFound();
  const place = placeOf(change.messageId);
  const message = place?.conversationNo === conversation.no ? set.event(conversation.no, place.seq) : undefined;
  if (message === undefined || message.messageType === '' || message.seq < visibleFrom(conversation, member))
    throw messageNotFound();
  return { conversation, member, message };
}
