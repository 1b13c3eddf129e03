import { z } from 'zod';
import { id, nothing, queryIds, timestamp } from './common.js';
import { operation } from './operation.js';
import { socketCommand, socketEvent } from './socket.js';

const MAX_ASKED = 100;
const MAX_WATCHED = 500;

const state = z
  .object({
    userId: z.string(),
    online: z.boolean(),
    /** Absent when never seen. */
    lastSeenAt: timestamp.optional(),
  })
  .meta({ id: 'Presence' });

const states = z.object({ items: z.array(state) });
const userIds = z.array(id).min(1).max(MAX_WATCHED);
const typingState = z.enum(['typing', 'recording', 'stopped']);

export const presence = {
  get: operation({
    id: 'getPresence',
    method: 'GET',
    path: '/presence',
    tag: 'presence',
    access: 'user',
    summary: 'Who is online; users whose presence I may not see are left out',
    query: z.strictObject({ userIds: queryIds(MAX_ASKED) }),
    response: states,
  }),
};

export const presenceCommands = {
  subscribe: socketCommand({
    event: 'presence:subscribe',
    summary:
      'Watches users until this session’s last socket closes. The ack has their states now; users I may not see are left out',
    input: z.strictObject({ userIds }),
    output: states,
  }),
  unsubscribe: socketCommand({
    event: 'presence:unsubscribe',
    summary: 'Watches these users no longer',
    input: z.strictObject({ userIds }),
    output: nothing,
  }),
  typing: socketCommand({
    event: 'typing',
    summary:
      'I am typing. Shown to the other members, never stored; send it again while it goes on (repeats within 1 s are dropped) and `stopped` at the end',
    input: z.strictObject({ conversationId: id, state: typingState }),
    output: nothing,
    errors: ['conversation.not_found'],
  }),
};

export const presenceEvents = {
  changed: socketEvent({
    event: 'presence:changed',
    summary: 'A watched user came online or went offline',
    payload: state,
  }),
  typing: socketEvent({
    event: 'typing',
    summary: 'Another member types. Ends by itself: forget it after some seconds without a repeat',
    payload: z.object({ conversationId: z.string(), userId: z.string(), state: typingState }),
  }),
};
