import { z } from 'zod';
import { seq, timestamp } from './common.js';
import { conversation } from './conversations.js';
import { conversationEvent, syncInput } from './messages.js';
import { socketCommand, socketEvent } from './socket.js';

export const syncCommands = {
  sync: socketCommand({
    event: 'sync',
    summary:
      'Everything this device missed, in pages: name the heads you have (on every page), or the nextCursor of your last sync; go on with nextCursor until caughtUp. `resets`: load these anew. `removed`: you are no longer in these',
    input: syncInput,
    output: z.object({
      conversations: z.array(conversation),
      events: z.array(z.object({ conversationId: z.string(), epoch: z.string(), events: z.array(conversationEvent) })),
      resets: z.array(z.string()),
      removed: z.array(z.string()),
      hidden: z
        .array(z.object({ conversationId: z.string(), messageSeq: seq, messageId: z.string() }))
        .describe('Messages that you deleted for yourself since; some may be told twice'),
      nextCursor: z.string(),
      caughtUp: z.boolean(),
    }),
  }),
  refreshToken: socketCommand({
    event: 'token:refresh',
    summary: 'The socket goes on with a new access token of the same session',
    input: z.strictObject({ token: z.string().min(1).max(8192) }),
    output: z.object({ expiresAt: timestamp }),
    errors: ['auth.token_invalid', 'auth.token_expired', 'auth.session_revoked'],
  }),
};

export const sessionEvents = {
  closing: socketEvent({
    event: 'session:closing',
    summary: 'The server’s last word before it closes: why, and what to do next',
    payload: z.object({
      code: z.string(),
      action: z.enum(['reconnect', 'login', 'stop']),
      reconnectAfterMs: z.number().int().optional(),
    }),
  }),
};
