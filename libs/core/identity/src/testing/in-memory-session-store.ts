import { invalidCredentials } from '../domain/identity.errors.js';
import { hashOf, judgeRefresh, MAX_SIBLINGS, type StoredRefreshToken } from '../domain/refresh-token.js';
import { isLive, type Session } from '../domain/session.js';
import type { Opening } from '../ports/account-store.js';
import { type Revocation, type Rotation, SessionStore } from '../ports/session-store.js';
import type { InMemoryState } from './in-memory-state.js';

export class InMemorySessionStore extends SessionStore {
  constructor(private readonly state: InMemoryState) {
    super();
  }

  async open({ session, token }: Opening, keep: number, passwordHash: string): Promise<string[]> {
    if (this.state.accounts.get(session.userId)?.passwordHash !== passwordHash) throw invalidCredentials();
    const surplus = (await this.live(session.userId, session.createdAt)).slice(keep - 1);
    const ids = surplus.map((one) => one.sessionId);
    const ended = this.state.revoke((one) => ids.includes(one.sessionId), 'auth.session_revoked', session.createdAt);
    this.state.sessions.set(session.sessionId, session);
    this.state.tokens.set(token.hash, token);
    return ended;
  }

  async find(sessionId: string): Promise<Session | undefined> {
    return this.state.sessions.get(sessionId);
  }

  async rotate({ presented, next, at, address, deviceId }: Rotation) {
    const session = this.state.sessions.get(presented.sessionId);
    const verdict = judgeRefresh(session, presented, this.state.tokens.has(hashOf(presented)), at, deviceId);
    if (session === undefined) return { verdict };
    if (verdict === 'reused')
      this.state.revoke((one) => one.sessionId === session.sessionId, 'auth.session_revoked', at);
    if (verdict !== 'rotate') return { verdict, session };
    const renewed = { ...session, usedGeneration: presented.generation, lastUsedAt: at, address };
    this.state.sessions.set(session.sessionId, renewed);
    for (const [hash, token] of this.state.tokens)
      if (token.sessionId === session.sessionId && token.generation < presented.generation)
        this.state.tokens.delete(hash);
    this.insert(next);
    return { verdict, session: renewed };
  }

  async addToken(token: StoredRefreshToken): Promise<void> {
    const session = this.state.sessions.get(token.sessionId);
    if (session !== undefined && session.revokedAt === undefined) this.insert(token);
  }

  async live(userId: string, now: number): Promise<Session[]> {
    return [...this.state.sessions.values()]
      .filter((session) => session.userId === userId && isLive(session, now))
      .sort((a, b) => b.lastUsedAt - a.lastUsedAt || (a.sessionId < b.sessionId ? 1 : -1));
  }

  async revoke({ userId, sessionIds, code, at }: Revocation): Promise<string[]> {
    return this.state.revoke(
      (session) => session.userId === userId && (sessionIds === undefined || sessionIds.includes(session.sessionId)),
      code,
      at,
    );
  }

  async revokedSince(since: number): Promise<{ sessionId: string; revokedAt: number }[]> {
    return [...this.state.sessions.values()].flatMap(({ sessionId, revokedAt }) =>
      revokedAt !== undefined && revokedAt >= since ? [{ sessionId, revokedAt }] : [],
    );
  }

  async prune(before: number): Promise<number> {
    const old = [...this.state.sessions.values()].filter(
      ({ expiresAt, revokedAt }) => expiresAt < before || (revokedAt !== undefined && revokedAt < before),
    );
    for (const { sessionId } of old) this.state.sessions.delete(sessionId);
    return old.length;
  }

  private insert(token: StoredRefreshToken): void {
    this.state.tokens.set(token.hash, token);
    const siblings = [...this.state.tokens].filter(
      ([, one]) => one.sessionId === token.sessionId && one.generation === token.generation,
    );
    for (const [hash] of siblings.slice(0, Math.max(0, siblings.length - MAX_SIBLINGS))) this.state.tokens.delete(hash);
  }
}
