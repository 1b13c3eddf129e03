import type { EventRow } from './log-rows.js';
import { messageIdOf } from './message-id.js';

/** The public message object, as JSON. Built by hand because the content is already JSON text and is never parsed on the way. */
export function messageJson(row: EventRow, conversationId: string): string {
  const head = `{"messageId":"${messageIdOf(row.conversationNo, row.seq)}","conversationId":"${conversationId}","seq":${row.seq},"changedSeq":${row.changedSeq || row.seq},"clientMsgId":${JSON.stringify(row.clientMsgId)},"senderId":"${row.actorId}","type":"${row.messageType}"`;
  const content = row.recalledAt === 0 ? `,"content":${row.data}` : '';
  const reply = row.refSeq === 0 ? '' : `,"replyTo":"${messageIdOf(row.conversationNo, row.refSeq)}"`;
  const mentions = row.mentions === '' || row.recalledAt !== 0 ? '' : `,"mentions":${row.mentions}`;
  const edited = row.editedAt === 0 ? '' : `,"editedAt":"${iso(row.editedAt)}"`;
  const recall = row.recalledAt === 0 ? '' : `,"recalledAt":"${iso(row.recalledAt)}","recalledBy":"${row.recalledBy}"`;
  const pin = row.pinnedAt === 0 ? '' : `,"pinnedAt":"${iso(row.pinnedAt)}","pinnedBy":"${row.pinnedBy}"`;
  const reactions = row.reactions === '' ? '' : `,"reactions":${row.reactions}`;
  return `${head}${content}${reply}${mentions},"sentAt":"${iso(row.at)}"${edited}${recall}${pin}${reactions}}`;
}

/**
 * An event's public data, as JSON. Edits and recalls carry the state of their message as it is now, so that text that was taken
 * back is nowhere in the log.
 * @param subject the message that an edit or recall is about.
 * @param hidden the reader deleted the message for themselves.
 */
export function eventDataJson(
  row: EventRow,
  conversationId: string,
  subject: EventRow | undefined,
  hidden = false,
): string {
  if (hidden) return hiddenJson(subject ?? row);
  if (row.messageType !== '') return messageJson(row, conversationId);
  // Reactions and pins have data of their own.
  if (subject === undefined || row.data !== '') return row.data;
  const id = `"messageId":"${messageIdOf(subject.conversationNo, subject.seq)}","messageSeq":${subject.seq}`;
  if (subject.recalledAt !== 0)
    return `{${id},"recalledAt":"${iso(subject.recalledAt)}","recalledBy":"${subject.recalledBy}"}`;
  const mentions = subject.mentions === '' ? '' : `,"mentions":${subject.mentions}`;
  return `{${id},"content":${subject.data}${mentions},"editedAt":"${iso(subject.editedAt)}"}`;
}

function hiddenJson(message: EventRow): string {
  return `{"messageId":"${messageIdOf(message.conversationNo, message.seq)}","messageSeq":${message.seq},"hidden":true}`;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
