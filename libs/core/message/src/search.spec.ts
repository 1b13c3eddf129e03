import { expect, it } from 'vitest';
import type { LogReader } from './ports/log-reader.js';
import { type IndexedEvent, SearchSource } from './ports/search-source.js';
import { aSend, created } from './testing/builders.js';
import { InMemoryLog } from './testing/in-memory-log.js';
import { InMemorySearchIndex } from './testing/in-memory-search-index.js';
import { messageSearchContract } from './testing/message-search.contract.js';
import { Searching, type SearchUnderTest } from './testing/search-under-test.js';

/** The contract's conversations are c1, c2 …, in the order of their numbers where it matters. */
class ReaderSource extends SearchSource {
  constructor(private readonly reader: LogReader) {
    super();
  }

  async numbersOf(conversationIds: readonly string[]): Promise<number[]> {
    const rows = await Promise.all(conversationIds.map((id) => this.reader.conversation(id)));
    return rows.flatMap((row) => (row === undefined ? [] : [row.no]));
  }

  async heads(afterNo: number): Promise<{ no: number; headSeq: number }[]> {
    const rows = await Promise.all(Array.from({ length: 20 }, (_, i) => this.reader.conversation(`c${i + 1}`)));
    return rows
      .flatMap((row) => (row === undefined ? [] : [{ no: row.no, headSeq: row.headSeq }]))
      .filter(({ no }) => no > afterNo)
      .sort((a, b) => a.no - b.no);
  }

  async events(places: readonly { no: number; afterSeq: number; toSeq: number }[]): Promise<IndexedEvent[]> {
    const rows = await Promise.all(
      places.map(({ no, afterSeq, toSeq }) => this.reader.events(no, afterSeq, toSeq - afterSeq)),
    );
    return rows.flat();
  }
}

async function open(): Promise<SearchUnderTest> {
  let now = 1_700_000_000_000;
  const store = new InMemoryLog(() => now, { editMs: 86_400_000, recallMs: 120_000 });
  return {
    log: store.log,
    reader: store,
    source: new ReaderSource(store),
    index: new InMemorySearchIndex(),
    advance: (ms) => void (now += ms),
    close: async () => undefined,
  };
}

messageSearchContract('in memory', open);

it('ends a search that would take long with what it has, and goes on with the next page', async () => {
  const searching = new Searching(await open());
  const { log } = searching.test;
  const many = (count: number, text: string) =>
    log.commit(Array.from({ length: count }, () => aSend({ text, conversationId: 'c1' })));
  await log.commit([created(['ann', 'bob'])]);
  await many(1, 'blue moon');
  for (let i = 0; i < 5; i += 1) {
    searching.test.advance(60_000);
    await many(1000, 'moon blue');
  }
  await searching.indexed();
  const first = await searching.query('"blue moon"');
  expect(first.items).toEqual([]);
  expect(first.nextCursor).not.toBe('');
  expect(await searching.places('"blue moon"')).toEqual(['c1:2']);
});
