import { type WatchingPage, WatchRegistry } from '../ports/watch-registry.js';

export class InMemoryWatchRegistry extends WatchRegistry {
  private watches: { sessionId: string; actorId: string; userId: string }[] = [];

  async watch(sessionId: string, actorId: string, userIds: readonly string[]): Promise<number> {
    await this.unwatch(sessionId, userIds);
    this.watches.push(...[...new Set(userIds)].map((userId) => ({ sessionId, actorId, userId })));
    return this.watches.filter((one) => one.sessionId === sessionId).length;
  }

  async unwatch(sessionId: string, userIds: readonly string[]): Promise<void> {
    this.watches = this.watches.filter((one) => one.sessionId !== sessionId || !userIds.includes(one.userId));
  }

  async drop(sessionIds: readonly string[]): Promise<void> {
    this.watches = this.watches.filter((one) => !sessionIds.includes(one.sessionId));
  }

  async watchersOf(userIds: readonly string[]): Promise<Map<string, string[]>> {
    const watchers = new Map<string, string[]>();
    for (const { sessionId, userId } of this.watches)
      if (userIds.includes(userId)) watchers.set(userId, [...(watchers.get(userId) ?? []), sessionId]);
    return watchers;
  }

  async sessionsWatching(actorId: string, userId: string): Promise<string[]> {
    return this.watches.filter((one) => one.actorId === actorId && one.userId === userId).map((one) => one.sessionId);
  }

  async sessions(): Promise<WatchingPage> {
    return { sessionIds: [...new Set(this.watches.map((one) => one.sessionId))], next: '' };
  }
}
