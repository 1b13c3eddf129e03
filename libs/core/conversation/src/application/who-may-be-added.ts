import type { UserId } from '@parley/kernel';
import type { PairStore } from '../ports/pair-store.js';
import type { UserDirectory } from '../ports/user-directory.js';

/** Who can be brought into a conversation by somebody else: users that exist and do not block that somebody. Which of the two it was is not told. */
export class WhoMayBeAdded {
  constructor(
    private readonly users: UserDirectory,
    private readonly pairs: PairStore,
  ) {}

  async sort(actorId: UserId, userIds: readonly UserId[]): Promise<{ accepted: UserId[]; refused: UserId[] }> {
    const others = [...new Set(userIds)].filter((userId) => userId !== actorId);
    if (others.length === 0) return { accepted: [], refused: [] };
    const [existing, blockers] = await Promise.all([
      this.users.existing(actorId, others),
      this.pairs.blockersAmong(others, actorId),
    ]);
    const mayBe = (userId: UserId) => existing.has(userId) && !blockers.has(userId);
    return { accepted: others.filter(mayBe), refused: others.filter((userId) => !mayBe(userId)) };
  }
}
