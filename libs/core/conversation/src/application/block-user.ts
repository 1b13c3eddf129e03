import type { UserId } from '@parley/kernel';
import { notWithOneself } from '../domain/contact.errors.js';
import { userNotFound } from '../domain/conversation.errors.js';
import type { UserDirectory } from '../ports/user-directory.js';
import type { FactRelay } from './fact-relay.js';
import type { PairChanges } from './pair-changes.js';

/** Answered when the message service refuses (or takes again) the other's sends. */
export class BlockUser {
  constructor(
    private readonly changes: PairChanges,
    private readonly users: UserDirectory,
    private readonly relay: FactRelay,
  ) {}

  async block(actorId: UserId, userId: UserId): Promise<void> {
    if (actorId === userId) throw notWithOneself();
    if (!(await this.users.existing(actorId, [userId])).has(userId)) throw userNotFound();
    await this.set(actorId, userId, true);
  }

  async unblock(actorId: UserId, userId: UserId): Promise<void> {
    if (actorId !== userId) await this.set(actorId, userId, false);
  }

  private async set(actorId: UserId, userId: UserId, blocked: boolean): Promise<void> {
    const directId = await this.changes.apply(actorId, userId, (pair) => {
      pair.setBlock(actorId, blocked);
      return pair.directId;
    });
    if (directId !== undefined) await this.relay.flush(directId);
  }
}
