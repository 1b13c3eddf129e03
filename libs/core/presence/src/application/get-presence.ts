import type { PresenceState } from '../domain/presence-state.js';
import type { VisibleUsers } from '../ports/neighbours.js';
import type { SessionDirectory } from '../ports/session-directory.js';
import type { LastSeenJournal } from './last-seen-journal.js';

/** Presence of users, as far as the one who asks may see it. */
export class GetPresence {
  constructor(
    private readonly visible: VisibleUsers,
    private readonly directory: SessionDirectory,
    private readonly lastSeen: LastSeenJournal,
  ) {}

  /** Users that may not be seen are left out. Rejects when that cannot be known. */
  async execute(actorId: string, userIds: readonly string[]): Promise<PresenceState[]> {
    return this.statesOf(await this.visibleTo(actorId, userIds));
  }

  async visibleTo(actorId: string, userIds: readonly string[]): Promise<string[]> {
    const others = [...new Set(userIds)].filter((id) => id !== actorId);
    const seen = new Set(others.length === 0 ? [] : await this.visible.among(actorId, others));
    return [...new Set(userIds)].filter((id) => id === actorId || seen.has(id));
  }

  async statesOf(userIds: readonly string[]): Promise<PresenceState[]> {
    const [online, seen] = await Promise.all([this.directory.onlineAmong(userIds), this.lastSeen.of(userIds)]);
    return userIds.map((userId) => ({
      userId,
      online: online.has(userId),
      lastSeenAt: seen.get(userId) ?? 0,
    }));
  }
}
