import { z } from 'zod';
import { id } from './common.js';
import { emoji } from './emoji.js';
import { message } from './message.js';
import { operation } from './operation.js';
import { socketCommand } from './socket.js';

const target = { conversationId: id, messageId: id };
const tag = 'messages';
const access = 'user';
const refusals = ['message.not_found', 'message.muted', 'message.blocked', 'message.disbanded'] as const;
const reactionErrors = [...refusals, 'message.not_a_member', 'message.recalled', 'message.reaction_limit'] as const;
const pinErrors = [
  ...refusals,
  'conversation.not_found',
  'conversation.role_too_low',
  'message.recalled',
  'message.pin_limit',
] as const;

/** What people put on messages: reactions and pins. A repeat changes nothing and gets the same answer. */
export const messageMarks = {
  react: operation({
    id: 'addReaction',
    method: 'PUT',
    path: '/conversations/{conversationId}/messages/{messageId}/reactions/{emoji}',
    tag,
    access,
    summary: 'Reacts to a message with one emoji (percent-encoded); by those who may send',
    params: z.strictObject({ ...target, emoji }),
    response: message,
    errors: reactionErrors,
  }),
  unreact: operation({
    id: 'removeReaction',
    method: 'DELETE',
    path: '/conversations/{conversationId}/messages/{messageId}/reactions/{emoji}',
    tag,
    access,
    summary: 'Takes my reaction back',
    params: z.strictObject({ ...target, emoji }),
    response: message,
    errors: reactionErrors,
  }),
  pin: operation({
    id: 'pinMessage',
    method: 'PUT',
    path: '/conversations/{conversationId}/messages/{messageId}/pin',
    tag,
    access,
    summary: 'Pins a message for everybody: by owners and admins of groups and rooms, by both in a direct conversation',
    params: z.strictObject(target),
    response: message,
    errors: pinErrors,
  }),
  unpin: operation({
    id: 'unpinMessage',
    method: 'DELETE',
    path: '/conversations/{conversationId}/messages/{messageId}/pin',
    tag,
    access,
    summary: 'Takes the pin off a message',
    params: z.strictObject(target),
    response: message,
    errors: pinErrors,
  }),
  pins: operation({
    id: 'listPins',
    method: 'GET',
    path: '/conversations/{conversationId}/pins',
    tag,
    access,
    summary: 'The pinned messages, newest pin first; at most 50',
    params: z.strictObject({ conversationId: id }),
    response: z.object({ items: z.array(message) }),
    errors: ['conversation.not_found'],
  }),
};

export const messageMarkCommands = {
  react: socketCommand({
    event: 'message:react',
    summary: 'Reacts to a message with one emoji, or takes the reaction back',
    input: z.strictObject({ ...target, emoji, remove: z.boolean().optional() }),
    output: message,
    errors: reactionErrors,
  }),
  pin: socketCommand({
    event: 'message:pin',
    summary: messageMarks.pin.summary,
    input: z.strictObject({ ...target, pinned: z.boolean() }),
    output: message,
    errors: pinErrors,
  }),
};
