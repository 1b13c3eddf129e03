import type { Message, RequestOf } from '../api.js';
import type { Rest } from '../ports.js';
import type { MessageItem, SearchPage, SearchQuery } from '../types.js';

export async function search(
  rest: Rest,
  query: SearchQuery,
  itemOf: (message: Message) => MessageItem,
): Promise<SearchPage> {
  const { items, nextCursor } = await rest.call('GET /search/messages', {
    // A type that the server does not know is for it to refuse.
    query: query as RequestOf<'GET /search/messages'>['query'] & object,
  });
  return {
    items: items.map((item) => ({ ...item, message: itemOf(item.message) })),
    ...(nextCursor === undefined ? {} : { nextCursor }),
  };
}
