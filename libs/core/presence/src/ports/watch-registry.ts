export interface WatchingPage {
  sessionIds: string[];
  /** Where the next page begins; empty after the last. */
  next: string;
}

/** Who wants to know about whom, session by session. May be lost all at once: then the sessions' nodes watch anew for them. */
export abstract class WatchRegistry {
  /** Idempotent. Answers how many users the session watches now. */
  abstract watch(sessionId: string, actorId: string, userIds: readonly string[]): Promise<number>;
  abstract unwatch(sessionId: string, userIds: readonly string[]): Promise<void>;
  abstract drop(sessionIds: readonly string[]): Promise<void>;
  /** Sessions that watch each of the users; users nobody watches are left out. */
  abstract watchersOf(userIds: readonly string[]): Promise<Map<string, string[]>>;
  /** Sessions of one user that watch another. */
  abstract sessionsWatching(actorId: string, userId: string): Promise<string[]>;
  /** All sessions that watch anybody, in pages. Those that begin or end to watch meanwhile may be left out or come twice. */
  abstract sessions(from: string): Promise<WatchingPage>;
}
