import type { SessionPusher } from '../ports/neighbours.js';
import type { WatchRegistry } from '../ports/watch-registry.js';

export interface ProfileChange {
  userId: string;
  /** The payload of `user:changed`. */
  payloadJson: string;
}

/** Tells who watches a user, and the user's own sessions, that their name or picture changed: those who have them on the screen. */
export class AnnounceProfiles {
  constructor(
    private readonly watches: WatchRegistry,
    private readonly pusher: SessionPusher,
  ) {}

  /** ORDER: of several changes of one user only the last is told. Rejects when it could not be. */
  async execute(changes: readonly ProfileChange[]): Promise<void> {
    const latest = new Map(changes.map((change) => [change.userId, change]));
    if (latest.size === 0) return;
    const watchers = await this.watches.watchersOf([...latest.keys()]);
    await this.pusher.push(
      [...latest.values()].map(({ userId, payloadJson }) => ({
        userIds: [userId],
        sessionIds: watchers.get(userId) ?? [],
        conversationId: '',
        exceptUserIds: [],
        event: 'user:changed',
        payloadJson,
      })),
    );
  }
}
