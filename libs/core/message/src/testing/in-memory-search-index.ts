import {
  type Candidates,
  type IndexedPart,
  type IndexProgress,
  MessageSearchIndex,
  type SearchScope,
} from '../ports/message-search-index.js';

interface Indexed {
  progress: IndexProgress;
  entries: Map<number, ReadonlySet<string>>;
}

export class InMemorySearchIndex extends MessageSearchIndex {
  private readonly conversations = new Map<number, Indexed>();

  async progress(conversationNos: readonly number[]): Promise<ReadonlyMap<number, IndexProgress>> {
    return new Map(
      conversationNos.flatMap((no) => {
        const known = this.conversations.get(no);
        return known === undefined ? [] : [[no, known.progress] as const];
      }),
    );
  }

  async apply(parts: readonly IndexedPart[]): Promise<void> {
    for (const { conversationNo, afterSeq, progress, entries } of parts) {
      const known = this.conversations.get(conversationNo) ?? { progress: { seq: 0, at: 0 }, entries: new Map() };
      if (known.progress.seq !== afterSeq) continue;
      for (const [seq, terms] of entries) known.entries.set(seq, new Set(terms));
      this.conversations.set(conversationNo, { ...known, progress });
    }
  }

  async forget(conversationNo: number): Promise<void> {
    this.conversations.delete(conversationNo);
  }

  async find(terms: readonly string[], scopes: readonly SearchScope[], each: number): Promise<Candidates[]> {
    return scopes.map(({ conversationNo, fromSeq, toSeq }) => {
      const entries = [...(this.conversations.get(conversationNo)?.entries ?? [])];
      const seqs = entries
        .filter(([seq, entry]) => seq >= fromSeq && seq <= toSeq && terms.every((term) => entry.has(term)))
        .map(([seq]) => seq)
        .sort((a, b) => b - a)
        .slice(0, each);
      return { conversationNo, seqs, reachedSeq: seqs.length < each ? fromSeq : (seqs.at(-1) as number) };
    });
  }
}
