import type { Clock } from '@parley/kernel';

const PURGE_MS = 60_000;

/**
 * Sessions whose access tokens have not expired but must not be taken any more. Filled by the revocation itself before it is answered, and by
 * every load of the policy set, so that neither a missed call nor a restart brings one back to life.
 */
export class RevokedSessions {
  private readonly until = new Map<string, number>();
  private readonly listeners: (() => void)[] = [];
  private purgeAt = 0;

  constructor(
    private readonly clock: Clock,
    /** The longest life of an access token, for entries that come without an end. */
    private readonly tokenLifeMs: number,
  ) {}

  get size(): number {
    return this.until.size;
  }

  /** What `closeSessions` asks for. Closing for a reconnect (a drain) revokes nothing. */
  add(closing: { sessionIds: readonly string[]; action: string }): void {
    if (closing.action === 'reconnect') return;
    const until = this.clock.now() + this.tokenLifeMs;
    // Who asks closes the sockets too, so nobody else needs to hear of it.
    this.put(closing.sessionIds.map((sessionId) => ({ sessionId, until })));
  }

  /** What came with the policy set. */
  learn(entries: readonly { sessionId: string; until: number }[]): void {
    const isNew = this.put(entries);
    if (isNew) for (const listener of this.listeners) listener();
  }

  /** Called when `learn` brought a session that was not known as revoked. */
  onLearn(listener: () => void): void {
    this.listeners.push(listener);
  }

  has(sessionId: string): boolean {
    const until = this.until.get(sessionId);
    return until !== undefined && until > this.clock.now();
  }

  /** Answers whether one of them was not known. */
  private put(entries: readonly { sessionId: string; until: number }[]): boolean {
    const before = this.until.size;
    for (const { sessionId, until } of entries)
      this.until.set(sessionId, Math.max(until, this.until.get(sessionId) ?? 0));
    const isNew = this.until.size > before;
    this.purge();
    return isNew;
  }

  private purge(): void {
    const now = this.clock.now();
    if (now < this.purgeAt) return;
    this.purgeAt = now + PURGE_MS;
    for (const [sessionId, until] of this.until) if (until <= now) this.until.delete(sessionId);
  }
}
