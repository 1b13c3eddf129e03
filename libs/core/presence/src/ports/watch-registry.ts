/** Who wants to know about whom, session by session. */
export abstract class WatchRegistry {
  /** Idempotent. Answers how many users the session watches now. */
  abstract watch(sessionId: string, actorId: string, userIds: readonly string[]): Promise<number>;
  abstract unwatch(sessionId: string, userIds: readonly string[]): Promise<void>;
  abstract drop(sessionIds: readonly string[]): Promise<void>;
  /** Sessions that watch each of the users; users nobody watches are left out. */
  abstract watchersOf(userIds: readonly string[]): Promise<Map<string, string[]>>;
  /** Sessions of one user that watch another. */
  abstract sessionsWatching(actorId: string, userId: string): Promise<string[]>;
  /** All sessions that watch anybody. */
  abstract sessions(): Promise<string[]>;
}
