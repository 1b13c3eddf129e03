import { IndexMessages } from '../application/index-messages.js';
import { type MessageSearch, SearchMessages } from '../application/search-messages.js';
import type { MessageSearchIndex } from '../ports/message-search-index.js';
import type { SearchSource } from '../ports/search-source.js';
import type { LogUnderTest } from './log-under-test.js';

/** A log, and an index that is filled from it. */
export interface SearchUnderTest extends Pick<LogUnderTest, 'log' | 'reader' | 'advance' | 'close'> {
  source: SearchSource;
  index: MessageSearchIndex;
}

export type OpenSearch = () => Promise<SearchUnderTest>;

export const noRest = () => Promise.resolve();

/** The use cases over one store, with everything usual. */
export class Searching {
  readonly indexing: IndexMessages;
  readonly messages: SearchMessages;

  constructor(readonly test: SearchUnderTest) {
    this.indexing = new IndexMessages(test.reader, test.source, test.index);
    this.messages = new SearchMessages(test.reader, test.index);
  }

  /** Brings the index up to the whole log. */
  indexed(): Promise<void> {
    return this.indexing.all(noRest, () => undefined);
  }

  query(text: string, more: Partial<MessageSearch> = {}) {
    const all = {
      actorId: 'bob',
      conversationId: '',
      senderId: '',
      type: '',
      fromAt: 0,
      toAt: 0,
      cursor: '',
      limit: 50,
    };
    return this.messages.execute({ ...all, text, ...more });
  }

  /** `conversation:seq` of all pages. */
  async places(text: string, more: Partial<MessageSearch> = {}): Promise<string[]> {
    const places: string[] = [];
    for (let cursor = ''; ; ) {
      const { items, nextCursor } = await this.query(text, { ...more, cursor });
      places.push(...items.map(({ conversationId, row }) => `${conversationId}:${row.seq}`));
      if (nextCursor === '') return places;
      cursor = nextCursor;
    }
  }
}
