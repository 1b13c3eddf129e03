import { type WatchingPage, WatchRegistry } from '@parley/core-presence';

interface Watcher {
  actorId: string;
  userIds: Set<string>;
}

/** Watches of one process: both ways round, so that a change finds its watchers and a close its watches without a search. */
export class MemoryWatchRegistry extends WatchRegistry {
  private readonly watchers = new Map<string, Watcher>();
  private readonly sessionsOf = new Map<string, Set<string>>();

  async watch(sessionId: string, actorId: string, userIds: readonly string[]): Promise<number> {
    if (userIds.length === 0) return this.watchers.get(sessionId)?.userIds.size ?? 0;
    let watcher = this.watchers.get(sessionId);
    if (watcher === undefined) {
      watcher = { actorId, userIds: new Set() };
      this.watchers.set(sessionId, watcher);
    }
    for (const userId of userIds) {
      watcher.userIds.add(userId);
      const sessions = this.sessionsOf.get(userId);
      if (sessions === undefined) this.sessionsOf.set(userId, new Set([sessionId]));
      else sessions.add(sessionId);
    }
    return watcher.userIds.size;
  }

  async unwatch(sessionId: string, userIds: readonly string[]): Promise<void> {
    const watcher = this.watchers.get(sessionId);
    if (watcher === undefined) return;
    for (const userId of userIds) {
      watcher.userIds.delete(userId);
      const sessions = this.sessionsOf.get(userId);
      sessions?.delete(sessionId);
      if (sessions?.size === 0) this.sessionsOf.delete(userId);
    }
    if (watcher.userIds.size === 0) this.watchers.delete(sessionId);
  }

  async drop(sessionIds: readonly string[]): Promise<void> {
    for (const sessionId of sessionIds)
      await this.unwatch(sessionId, [...(this.watchers.get(sessionId)?.userIds ?? [])]);
  }

  async watchersOf(userIds: readonly string[]): Promise<Map<string, string[]>> {
    return new Map(
      userIds.flatMap((userId): [string, string[]][] => {
        const sessions = this.sessionsOf.get(userId);
        return sessions === undefined ? [] : [[userId, [...sessions]]];
      }),
    );
  }

  async sessionsWatching(actorId: string, userId: string): Promise<string[]> {
    return [...(this.sessionsOf.get(userId) ?? [])].filter((id) => this.watchers.get(id)?.actorId === actorId);
  }

  async sessions(): Promise<WatchingPage> {
    return { sessionIds: [...this.watchers.keys()], next: '' };
  }
}
