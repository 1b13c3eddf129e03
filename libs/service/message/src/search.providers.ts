import type { SqlDatabase } from '@parley/adapter-sql';
import { IndexMessages, LogReader, MessageSearchIndex, SearchMessages, SearchSource } from '@parley/core-message';
import { gauge, provide } from '@parley/platform';
import type { Provider } from '@nestjs/common';
import { SearchIndexer } from './outbound/search/search-indexer.js';
import { SqlSearchSource } from './outbound/search/sql-search-source.js';

/** Every statement to a server waits for its way there and back, and there nobody else waits for it. */
const TERMS_OF_SERVER = 10_000;

/** What searching takes; nothing where there is no index. */
export function searchProviders(database: SqlDatabase, index: MessageSearchIndex | undefined): Provider[] {
  if (index === undefined) return [];
  return [
    { provide: MessageSearchIndex, useValue: index },
    { provide: SearchSource, useFactory: () => new SqlSearchSource(database) },
    {
      provide: IndexMessages,
      inject: [LogReader, SearchSource, MessageSearchIndex],
      useFactory: (...[reader, source, to]: [LogReader, SearchSource, MessageSearchIndex]) =>
        new IndexMessages(reader, source, to, database.dialect === 'mysql' ? TERMS_OF_SERVER : undefined),
    },
    provide(SearchMessages, LogReader, MessageSearchIndex),
    {
      provide: SearchIndexer,
      inject: [IndexMessages],
      useFactory: (indexing: IndexMessages) => measured(new SearchIndexer(indexing, database.leases)),
    },
  ];
}

function measured(indexer: SearchIndexer): SearchIndexer {
  gauge(
    'parley_search_index_lag_seconds',
    'How long the oldest change of this process waits that cannot be found yet',
    () => indexer.lagMs / 1000,
  );
  gauge(
    'parley_search_sweep_conversations',
    'Conversations that the check of the whole index has looked at; 0 where none runs',
    () => indexer.sweeping,
  );
  return indexer;
}
