import type { Clock } from '@parley/kernel';
import { changedPayload, type PresenceState } from '../domain/presence-state.js';
import type { SessionPusher } from '../ports/neighbours.js';
import { GRACE_MS, type SessionDirectory } from '../ports/session-directory.js';
import type { WatchRegistry } from '../ports/watch-registry.js';

const PAUSE_MS = 1000;

/**
 * Online and offline as watchers see them. Changes wait for the next `tick`, so that many become one push; a tick is due whenever
 * `busy`, about every 50 ms. What is true is in the directory, which tells each change to one instance; here waits only what this
 * one has to tell. Best effort: a change that could not be pushed is tried again until a newer one replaces it.
 */
export class PresenceTracker {
  private changed = new Map<string, PresenceState>();
  /** When to ask whose grace has ended, in order. */
  private dues: number[] = [];
  private pausedUntil = 0;

  constructor(
    private readonly directory: SessionDirectory,
    private readonly watches: WatchRegistry,
    private readonly pusher: SessionPusher,
    private readonly clock: Clock,
  ) {}

  /** Is there anything a tick could do, now or soon? */
  get busy(): boolean {
    return this.dues.length > 0 || this.changed.size > 0;
  }

  /** These users came online. */
  arrived(userIds: readonly string[]): void {
    for (const userId of userIds) this.changed.set(userId, { userId, online: true, lastSeenAt: this.clock.now() });
  }

  /** Some users' grace has begun. */
  left(): void {
    const due = this.clock.now() + GRACE_MS;
    if (this.dues.at(-1) !== due) this.dues.push(due);
  }

  /** Whose grace has ended, also of those who left through an instance that is gone. */
  async depart(): Promise<void> {
    for (const { userId, lastSeenAt } of await this.directory.departed())
      this.changed.set(userId, { userId, online: false, lastSeenAt });
  }

  /** Never rejects: what the directory does not answer now is asked for again after a pause. */
  async tick(): Promise<void> {
    const now = this.clock.now();
    if (now < this.pausedUntil) return;
    try {
      if (this.dues.some((due) => due <= now)) {
        await this.depart();
        this.dues = this.dues.filter((due) => due > now);
      }
      if (this.changed.size > 0) await this.announce();
    } catch {
      this.pausedUntil = this.clock.now() + PAUSE_MS;
    }
  }

  private async announce(): Promise<void> {
    const changes = this.changed;
    this.changed = new Map();
    try {
      const userIds = [...changes.keys()];
      const [watchers, online] = await Promise.all([
        this.watches.watchersOf(userIds),
        this.directory.onlineAmong(userIds),
      ]);
      const pushes = [...watchers].flatMap(([userId, sessionIds]) => {
        const state = changes.get(userId) as PresenceState;
        // Overtaken by a change that another instance tells: telling this one now could be the last word.
        if (state.online !== online.has(userId)) return [];
        return {
          userIds: [],
          sessionIds,
          conversationId: '',
          exceptUserIds: [],
          event: 'presence:changed',
          payloadJson: changedPayload(state),
        };
      });
      if (pushes.length > 0) await this.pusher.push(pushes);
    } catch (error) {
      this.changed = new Map([...changes, ...this.changed]);
      throw error;
    }
  }
}
