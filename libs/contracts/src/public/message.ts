import { z } from 'zod';
import { seq, timestamp } from './common.js';

export const reaction = z
  .object({
    emoji: z.string(),
    count: z.number().int(),
    userIds: z
      .array(z.string())
      .describe('Who reacted so, oldest first, at most 50; a place that gets free goes to the next who reacts'),
    mine: z.boolean().optional().describe('Whether you did. Absent in pushed events, which are the same for everybody'),
  })
  .meta({ id: 'Reaction' });

export const message = z
  .object({
    messageId: z.string(),
    conversationId: z.string(),
    seq,
    changedSeq: seq.describe(
      '`seq` of the last event that changed the message; its own where nothing did. Of two states the one with the higher number is newer',
    ),
    clientMsgId: z.string(),
    senderId: z.string(),
    type: z.string(),
    /** Absent when recalled. */
    content: z.record(z.string(), z.unknown()).optional(),
    replyTo: z.string().optional(),
    mentions: z.array(z.string()).optional().describe('User ids, and `all`'),
    sentAt: timestamp,
    editedAt: timestamp.optional(),
    recalledAt: timestamp.optional(),
    recalledBy: z.string().optional(),
    pinnedAt: timestamp.optional(),
    pinnedBy: z.string().optional(),
    reactions: z.array(reaction).optional().describe('In the order of their first use; absent where there are none'),
  })
  .meta({ id: 'Message' });

export const conversationEvent = z
  .object({ seq, type: z.string(), at: timestamp, actorId: z.string(), data: z.record(z.string(), z.unknown()) })
  .meta({ id: 'ConversationEvent' });
