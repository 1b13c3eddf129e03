import { z } from 'zod';
import { clientId, id, nothing, queryIds, queryNumber, seq, timestamp } from './common.js';
import { contents, type MessageType } from './contents.js';
import { conversationEvent, message } from './message.js';
import { operation } from './operation.js';
import { socketCommand, socketEvent } from './socket.js';

export { conversationEvent, message } from './message.js';

const mentions = z
  .array(id)
  .max(50)
  .describe('User ids; `all` means every member, and is for owners and admins of groups and rooms');

const body = <T extends MessageType>(type: T) => ({
  clientMsgId: clientId,
  type: z.literal(type),
  content: contents[type],
  replyTo: id.optional(),
  mentions: mentions.optional(),
});
const withTarget = <T extends MessageType>(type: T) => z.strictObject({ conversationId: id, ...body(type) });
const alone = <T extends MessageType>(type: T) => z.strictObject(body(type));

export const sendInput = z.discriminatedUnion('type', [
  withTarget('text'),
  withTarget('image'),
  withTarget('file'),
  withTarget('audio'),
  withTarget('video'),
  withTarget('location'),
  withTarget('contact'),
  withTarget('merged'),
  withTarget('custom'),
]);
const sendBody = z.discriminatedUnion('type', [
  alone('text'),
  alone('image'),
  alone('file'),
  alone('audio'),
  alone('video'),
  alone('location'),
  alone('contact'),
  alone('merged'),
  alone('custom'),
]);
export type SendInput = z.output<typeof sendInput>;

const sent = z.object({ messageId: z.string(), seq, sentAt: timestamp });
const params = z.strictObject({ conversationId: id, messageId: id });
const conversationParams = z.strictObject({ conversationId: id });
/** An edit brings the new content for the message's own type; the type itself cannot change. */
const editable = z.union([
  contents.text,
  contents.custom,
  contents.location,
  contents.image,
  contents.file,
  contents.audio,
  contents.video,
]);
/** A page begins at one place only. */
const standsAlone = (query: Partial<Record<'beforeSeq' | 'afterSeq' | 'at' | 'messageIds', unknown>>): boolean => {
  const { beforeSeq, afterSeq, at, messageIds } = query;
  const places = [beforeSeq ?? afterSeq, at, messageIds].filter((place) => place !== undefined);
  return places.length <= 1;
};
const cursorState = z.object({ deliveredSeq: seq, readSeq: seq, unreadCount: z.number().int() });
const receipt = z.object({ userId: z.string(), deliveredSeq: seq, readSeq: seq });
const tag = 'messages';
const access = 'user';

export const messages = {
  list: operation({
    id: 'listMessages',
    method: 'GET',
    path: '/conversations/{conversationId}/messages',
    tag,
    access,
    summary:
      'A page of messages in their current state: newest first (beforeSeq, the default), oldest first (afterSeq; at: from the first message at or after a time), or those named (messageIds, at most 50; what you may not see is left out)',
    params: conversationParams,
    query: z
      .strictObject({
        beforeSeq: queryNumber(1, Number.MAX_SAFE_INTEGER).optional(),
        afterSeq: queryNumber(0, Number.MAX_SAFE_INTEGER).optional(),
        at: timestamp.optional(),
        messageIds: queryIds(50).optional(),
        limit: queryNumber(1, 100).optional(),
      })
      .refine(standsAlone, 'at and messageIds go with no other place'),
    response: z.object({ items: z.array(message), hasMore: z.boolean() }),
    errors: ['conversation.not_found'],
  }),
  send: operation({
    id: 'sendMessage',
    method: 'POST',
    path: '/conversations/{conversationId}/messages',
    tag,
    access,
    status: 201,
    summary: 'Sends a message; the answer means committed. A repeat with the same clientMsgId answers the first answer',
    params: conversationParams,
    body: sendBody,
    response: sent,
    errors: [
      'conversation.not_found',
      'message.not_a_member',
      'message.muted',
      'message.blocked',
      'message.idempotency_conflict',
      'message.mention_all_denied',
    ],
  }),
  get: operation({
    id: 'getMessage',
    method: 'GET',
    path: '/conversations/{conversationId}/messages/{messageId}',
    tag,
    access,
    summary: 'One message in its current state',
    params,
    response: message,
    errors: ['message.not_found'],
  }),
  edit: operation({
    id: 'editMessage',
    method: 'PATCH',
    path: '/conversations/{conversationId}/messages/{messageId}',
    tag,
    access,
    summary: 'Replaces the content, and the mentions where they are named; by the sender, within 24 h',
    params,
    body: z.strictObject({ content: editable, mentions: mentions.optional() }),
    response: message,
    errors: [
      'message.not_found',
      'message.not_the_sender',
      'message.edit_window_over',
      'message.recalled',
      'message.mention_all_denied',
    ],
  }),
  recall: operation({
    id: 'recallMessage',
    method: 'POST',
    path: '/conversations/{conversationId}/messages/{messageId}/recall',
    tag,
    access,
    summary:
      'Takes a message back for everybody: by the sender within 2 min, by owners and admins of the conversation always',
    params,
    response: message,
    errors: ['message.not_found', 'message.not_the_sender', 'message.recall_window_over'],
  }),
  remove: operation({
    id: 'deleteMessage',
    method: 'DELETE',
    path: '/conversations/{conversationId}/messages/{messageId}',
    tag,
    access,
    summary: 'Hides a message from me, on all my devices',
    params,
    errors: ['message.not_found'],
  }),
  receipts: operation({
    id: 'getReceipts',
    method: 'GET',
    path: '/conversations/{conversationId}/messages/{messageId}/receipts',
    tag,
    access,
    summary: 'Who has received and read a message',
    params,
    response: z.object({ deliveredCount: z.number().int(), readCount: z.number().int(), items: z.array(receipt) }),
    errors: ['message.not_found'],
  }),
  cursor: operation({
    id: 'setCursor',
    method: 'PUT',
    path: '/conversations/{conversationId}/cursor',
    tag,
    access,
    summary: 'Moves my read (and delivered) cursor forward',
    params: conversationParams,
    body: z.strictObject({ readSeq: seq.optional(), deliveredSeq: seq.optional() }),
    response: cursorState,
    errors: ['conversation.not_found'],
  }),
  events: operation({
    id: 'listEvents',
    method: 'GET',
    path: '/conversations/{conversationId}/events',
    tag,
    access,
    summary:
      'The conversation’s log, oldest first. What I deleted for myself keeps its place: data is then {messageId, messageSeq, hidden: true}',
    params: conversationParams,
    query: z.strictObject({
      afterSeq: queryNumber(0, Number.MAX_SAFE_INTEGER).optional(),
      limit: queryNumber(1, 500).optional(),
    }),
    response: z.object({ epoch: z.string(), headSeq: seq, items: z.array(conversationEvent) }),
    errors: ['conversation.not_found'],
  }),
};

const head = z.strictObject({
  conversationId: id,
  seq,
  epoch: z.string().max(64),
  at: timestamp
    .optional()
    .describe(
      '`at` of your event at `seq`: shows a log that was put back to a backup, also when it has grown past you',
    ),
});
const target = z.strictObject({ conversationId: id, messageId: id });

export const messageCommands = {
  send: socketCommand({
    event: 'message:send',
    summary: 'Sends a message; the ack means committed',
    input: sendInput,
    output: sent,
    errors: messages.send.errors,
  }),
  edit: socketCommand({
    event: 'message:edit',
    summary: messages.edit.summary,
    input: z.strictObject({ ...target.shape, content: editable, mentions: mentions.optional() }),
    output: message,
    errors: messages.edit.errors,
  }),
  recall: socketCommand({
    event: 'message:recall',
    summary: messages.recall.summary,
    input: target,
    output: message,
    errors: messages.recall.errors,
  }),
  remove: socketCommand({
    event: 'message:delete',
    summary: messages.remove.summary,
    input: target,
    output: nothing,
    errors: messages.remove.errors,
  }),
  read: socketCommand({
    event: 'cursor:read',
    summary: 'I have read up to seq',
    input: z.strictObject({ conversationId: id, seq }),
    output: cursorState,
    errors: ['conversation.not_found'],
  }),
  delivered: socketCommand({
    event: 'cursor:delivered',
    summary: 'This device has received up to seq',
    input: z.strictObject({ conversationId: id, seq }),
    output: cursorState,
    errors: ['conversation.not_found'],
  }),
  subscribe: socketCommand({
    event: 'conversation:subscribe',
    summary: 'This large conversation or room is on the screen now',
    input: z.strictObject({ conversationId: id }),
    output: nothing,
    errors: ['conversation.not_found'],
  }),
  unsubscribe: socketCommand({
    event: 'conversation:unsubscribe',
    summary: 'It is no longer on the screen',
    input: z.strictObject({ conversationId: id }),
    output: nothing,
  }),
};

export const syncInput = z.strictObject({
  cursor: z.string().max(2000).optional(),
  heads: z.array(head).max(1000).optional(),
  limit: z.number().int().min(1).max(1000).optional(),
});

export const messageEvents = {
  deleted: socketEvent({
    event: 'message:deleted',
    summary:
      'I deleted a message for myself on another device: it is gone here too. `sync` tells those that were missed',
    payload: z.object({ conversationId: z.string(), messageId: z.string(), seq }),
  }),
  events: socketEvent({
    event: 'conversation:events',
    summary: 'What was added to a conversation’s log, in seq order. A jump in seq means: ask sync from your last seq',
    payload: z.object({ conversationId: z.string(), epoch: z.string(), events: z.array(conversationEvent) }),
  }),
  cursor: socketEvent({
    event: 'cursor:changed',
    summary: 'A cursor moved: mine on another device, or another member’s',
    payload: z.object({
      conversationId: z.string(),
      userId: z.string(),
      readSeq: seq.optional(),
      deliveredSeq: seq.optional(),
    }),
  }),
};
