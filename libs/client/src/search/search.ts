import type { Message } from '../api.js';
import type { Rest } from '../ports.js';
import type { MessageItem, SearchPage, SearchQuery } from '../types.js';

interface Answer {
  items: { message: Message; conversationId: string; snippet: { text: string; match: boolean }[] }[];
  nextCursor?: string;
}

export async function search(
  rest: Rest,
  query: SearchQuery,
  itemOf: (message: Message) => MessageItem,
): Promise<SearchPage> {
  const answer: unknown = await rest.call('GET /search/messages' as never, { query } as never);
  const { items, nextCursor } = answer as Answer;
  return {
    items: items.map((item) => ({ ...item, message: itemOf(item.message) })),
    ...(nextCursor === undefined ? {} : { nextCursor }),
  };
}
