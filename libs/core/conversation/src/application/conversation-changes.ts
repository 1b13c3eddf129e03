import type { Clock, ConversationId, IdGenerator } from '@parley/kernel';
import { ConversationDraft } from '../domain/conversation-draft.js';
import type { ConversationScope, ConversationStore } from '../ports/conversation-store.js';
import type { FactRelay } from './fact-relay.js';

/** The way of every change of a conversation: decide and commit under its lock, then answer only when the log has it. */
export class ConversationChanges {
  constructor(
    private readonly store: ConversationStore,
    private readonly relay: FactRelay,
    private readonly clock: Clock,
    private readonly ids: IdGenerator,
  ) {}

  /**
   * Also a refusal and a "nothing to do" wait for the log: they may rest on an earlier change whose answer got lost.
   * @throws server.unavailable: committed, but the log does not have it yet
   */
  async apply<T>(id: ConversationId, scope: ConversationScope, verb: (draft: ConversationDraft) => T): Promise<T> {
    try {
      return await this.store.change(id, scope, (loaded) => {
        const draft = new ConversationDraft(loaded, this.clock.now(), this.ids);
        const result = verb(draft);
        return { result, changes: draft.changes };
      });
    } finally {
      await this.relay.flush(id);
    }
  }
}
