import { tooManyWatched } from '../domain/presence.errors.js';
import type { PresenceState } from '../domain/presence-state.js';
import type { WatchRegistry } from '../ports/watch-registry.js';
import type { GetPresence } from './get-presence.js';

const MAX_WATCHED = 1000;

export class WatchUsers {
  constructor(
    private readonly watches: WatchRegistry,
    private readonly presence: GetPresence,
  ) {}

  /** Answers the states now; users that may not be seen are left out. Rejects, watching nobody new, when that cannot be known. */
  async watch(sessionId: string, actorId: string, userIds: readonly string[]): Promise<PresenceState[]> {
    const visible = await this.presence.visibleTo(actorId, userIds);
    // Watching comes before looking: a change in between is then pushed rather than missed.
    const watched = await this.watches.watch(sessionId, actorId, visible);
    if (watched > MAX_WATCHED) {
      await this.watches.unwatch(sessionId, visible);
      throw tooManyWatched();
    }
    // And judging comes after it once more: a block between the first look and the registration found no watch to end.
    const allowed = new Set(await this.stillVisible(sessionId, actorId, visible));
    const hidden = visible.filter((userId) => !allowed.has(userId));
    if (hidden.length > 0) await this.watches.unwatch(sessionId, hidden);
    return this.presence.statesOf([...allowed]);
  }

  private async stillVisible(sessionId: string, actorId: string, userIds: readonly string[]): Promise<string[]> {
    try {
      return await this.presence.visibleTo(actorId, userIds);
    } catch (error) {
      await this.watches.unwatch(sessionId, userIds);
      throw error;
    }
  }

  async unwatch(sessionId: string, userIds: readonly string[]): Promise<void> {
    await this.watches.unwatch(sessionId, userIds);
  }

  /** Something between two users changed (a block, an end of contact): who may no longer see the other stops watching. */
  async recheck(one: string, other: string): Promise<void> {
    await this.recheckOneWay(one, other);
    await this.recheckOneWay(other, one);
  }

  private async recheckOneWay(actorId: string, userId: string): Promise<void> {
    const sessionIds = await this.watches.sessionsWatching(actorId, userId);
    if (sessionIds.length === 0 || (await this.presence.visibleTo(actorId, [userId])).length > 0) return;
    for (const sessionId of sessionIds) await this.watches.unwatch(sessionId, [userId]);
  }
}
