import type { LogReader } from './ports/log-reader.js';
import { SearchSource } from './ports/search-source.js';
import { InMemoryLog } from './testing/in-memory-log.js';
import { InMemorySearchIndex } from './testing/in-memory-search-index.js';
import { messageSearchContract } from './testing/message-search.contract.js';

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
}

messageSearchContract('in memory', async () => {
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
});
