import type { Clock } from '@parley/kernel';
import { changedPayload, type PresenceState } from '../domain/presence-state.js';
import type { SessionPusher } from '../ports/neighbours.js';
import type { SessionDirectory } from '../ports/session-directory.js';
import type { WatchRegistry } from '../ports/watch-registry.js';

/** A user whose last session closed counts as online for this long: a reconnect is no change. */
export const GRACE_MS = 2000;
const PAUSE_MS = 1000;

/**
 * Online and offline as watchers see them. Changes wait for the next `tick`, so that many become one push; a tick is due whenever
 * `busy`, about every 50 ms. Best effort: a change that could not be pushed is tried again until a newer one replaces it.
 */
export class PresenceTracker {
  /** Users in their grace, and when their last session closed. */
  private readonly leaving = new Map<string, { lastSeenAt: number; until: number }>();
  private changed = new Map<string, PresenceState>();
  private pausedUntil = 0;

  constructor(
    private readonly directory: SessionDirectory,
    private readonly watches: WatchRegistry,
    private readonly pusher: SessionPusher,
    private readonly clock: Clock,
  ) {}

  /** Is there anything a tick could do, now or soon? */
  get busy(): boolean {
    return this.leaving.size > 0 || this.changed.size > 0;
  }

  /** These users had no live session and have one now. */
  arrived(userIds: readonly string[]): void {
    for (const userId of userIds)
      if (!this.leaving.delete(userId))
        this.changed.set(userId, { userId, online: true, lastSeenAt: this.clock.now() });
  }

  /** These users have no live session any more, since `at`. */
  left(userIds: readonly string[], at: number): void {
    const until = this.clock.now() + GRACE_MS;
    for (const userId of userIds) this.leaving.set(userId, { lastSeenAt: at, until });
  }

  isLeaving(userId: string): boolean {
    return this.leaving.has(userId);
  }

  async tick(): Promise<void> {
    const now = this.clock.now();
    const due = [...this.leaving].filter(([, { until }]) => until <= now);
    if (due.length > 0) {
      // They may have come back through another instance of this service.
      const online = await this.directory.onlineAmong(due.map(([userId]) => userId));
      for (const [userId, entry] of due) {
        if (this.leaving.get(userId) !== entry) continue;
        this.leaving.delete(userId);
        if (!online.has(userId)) this.changed.set(userId, { userId, online: false, lastSeenAt: entry.lastSeenAt });
      }
    }
    if (this.changed.size > 0 && now >= this.pausedUntil) await this.announce();
  }

  private async announce(): Promise<void> {
    const changes = this.changed;
    this.changed = new Map();
    try {
      const watchers = await this.watches.watchersOf([...changes.keys()]);
      const pushes = [...watchers].map(([userId, sessionIds]) => ({
        sessionIds,
        conversationId: '',
        exceptUserIds: [],
        event: 'presence:changed',
        payloadJson: changedPayload(changes.get(userId) as PresenceState),
      }));
      if (pushes.length > 0) await this.pusher.push(pushes);
    } catch {
      this.pausedUntil = this.clock.now() + PAUSE_MS;
      this.changed = new Map([...changes, ...this.changed]);
    }
  }
}
