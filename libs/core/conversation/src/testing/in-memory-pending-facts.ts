import type { ConversationId } from '@parley/kernel';
import { type PendingFact, PendingFacts } from '../ports/pending-facts.js';
import type { InMemoryState } from './in-memory-state.js';

export class InMemoryPendingFacts extends PendingFacts {
  constructor(private readonly state: InMemoryState) {
    super();
  }

  async oldest(id: ConversationId, limit: number): Promise<PendingFact[]> {
    await Promise.resolve();
    return (this.state.pending.get(id) ?? []).slice(0, limit);
  }

  async removeUpTo(id: ConversationId, last: number): Promise<void> {
    await Promise.resolve();
    const left = (this.state.pending.get(id) ?? []).filter(({ no }) => no > last);
    if (left.length === 0) this.state.pending.delete(id);
    else this.state.pending.set(id, left);
  }

  async conversations(limit: number): Promise<ConversationId[]> {
    await Promise.resolve();
    return [...this.state.pending.keys()].slice(0, limit);
  }
}
