import { z } from 'zod';
import { id, pageOf, queryNumber, text, timestamp } from './common.js';
import { contents, type MessageType } from './contents.js';
import { message } from './messages.js';
import { operation } from './operation.js';

const types = Object.keys(contents) as [MessageType, ...MessageType[]];

const found = z
  .object({
    conversationId: z.string(),
    message,
    snippet: z
      .array(z.object({ text: z.string(), match: z.boolean() }))
      .describe('A piece of the text as it was written, cut where `match` changes. Put together it is the piece'),
  })
  .meta({ id: 'FoundMessage' });

export const search = {
  messages: operation({
    id: 'searchMessages',
    method: 'GET',
    path: '/search/messages',
    tag: 'search',
    access: 'user',
    summary:
      'Messages of my conversations by what is in them, newest first. A page may be short or empty and still have a nextCursor',
    query: z.strictObject({
      q: text(1000)
        .optional()
        .describe('Words in any order, the last one may be unfinished; "quoted" ones have to follow each other'),
      conversationId: id.optional(),
      senderId: id.optional(),
      type: z.enum(types).optional(),
      from: timestamp.optional().describe('Sent then or later'),
      to: timestamp.optional().describe('Sent then or earlier'),
      cursor: z.string().max(40).optional(),
      limit: queryNumber(1, 100).optional(),
    }),
    response: pageOf(found),
    errors: ['conversation.not_found', 'search.off', 'server.busy'],
  }),
};
