import type { ConversationId, UserId } from '@parley/kernel';
import { pairOf } from '../domain/conversation.js';
import { userNotFound } from '../domain/conversation.errors.js';
import type { PairStore } from '../ports/pair-store.js';
import type { UserDirectory } from '../ports/user-directory.js';
import type { FactRelay } from './fact-relay.js';
import type { PairChanges } from './pair-changes.js';

/** Gets or makes the one direct conversation of two users; with oneself, the notes to oneself. */
export class OpenDirect {
  constructor(
    private readonly pairs: PairStore,
    private readonly changes: PairChanges,
    private readonly users: UserDirectory,
    private readonly relay: FactRelay,
  ) {}

  async execute(actorId: UserId, userId: UserId): Promise<{ conversationId: ConversationId; created: boolean }> {
    const known = await this.pairs.findDirect(pairOf(actorId, userId));
    const opened = known === undefined ? await this.open(actorId, userId) : { conversationId: known, created: false };
    await this.relay.flush(opened.conversationId);
    return opened;
  }

  private async open(actorId: UserId, userId: UserId) {
    if (actorId !== userId && !(await this.users.existing(actorId, [userId])).has(userId)) throw userNotFound();
    return this.changes.apply(actorId, userId, (pair) => pair.openDirect(actorId));
  }
}
