import {
  hashOf,
  identityErrors,
  judgeRefresh,
  type Opening,
  type RefreshVerdict,
  type Revocation,
  type Rotation,
  type Session,
  SessionStore,
  type StoredRefreshToken,
} from '@parley/core-identity';
import { loadAccount } from './account-rows.js';
import type { IdentityDatabase, Transaction } from './identity-database.js';
import { placeholders, type Row, sessionOf } from './rows.js';
import { insertOpening, insertToken, revokeSessions } from './session-rows.js';

const PRUNE_BATCH = 500;

export class SqlSessionStore extends SessionStore {
  constructor(private readonly db: IdentityDatabase) {
    super();
  }

  open(opening: Opening, keep: number, passwordHash: string): Promise<string[]> {
    const { userId, createdAt } = opening.session;
    return this.db.write(async (tx) => {
      if ((await loadAccount(tx, userId))?.passwordHash !== passwordHash) throw identityErrors.invalidCredentials();
      const rows: Row[] = await tx.sql.query(
        `SELECT session_id FROM sessions WHERE user_id = ? AND revoked_at IS NULL AND expires_at > ?
         ORDER BY last_used_at DESC, session_id DESC`,
        [userId, createdAt],
      );
      const sessionIds = rows.slice(keep - 1).map((row) => row['session_id'] as string);
      const ended = await revokeSessions(tx, { userId, sessionIds, code: 'auth.session_revoked', at: createdAt });
      await insertOpening(tx, opening);
      return ended;
    });
  }

  async find(sessionId: string): Promise<Session | undefined> {
    const rows = await this.db.query<Row[]>('SELECT * FROM sessions WHERE session_id = ?', [sessionId]);
    return rows[0] === undefined ? undefined : sessionOf(rows[0]);
  }

  rotate(rotation: Rotation): Promise<{ verdict: RefreshVerdict; session?: Session }> {
    const { presented, next, at, address, deviceId } = rotation;
    return this.db.write(async (tx) => {
      const session = await locked(tx, presented.sessionId);
      if (session === undefined) return { verdict: 'invalid' };
      const known: Row[] = await tx.sql.query('SELECT 1 AS one FROM refresh_tokens WHERE token_hash = ?', [
        hashOf(presented),
      ]);
      const verdict = judgeRefresh(session, presented, known.length > 0, at, deviceId);
      if (verdict === 'reused')
        await revokeSessions(tx, {
          userId: session.userId,
          sessionIds: [session.sessionId],
          code: 'auth.session_revoked',
          at,
        });
      if (verdict !== 'rotate') return { verdict, session };
      await tx.sql.query(
        'UPDATE sessions SET used_generation = ?, last_used_at = ?, address = ? WHERE session_id = ?',
        [presented.generation, at, address, session.sessionId],
      );
      // Using this generation supersedes every older one.
      await tx.sql.query('DELETE FROM refresh_tokens WHERE session_id = ? AND generation < ?', [
        session.sessionId,
        presented.generation,
      ]);
      await insertToken(tx, next, at);
      return { verdict, session: { ...session, usedGeneration: presented.generation, lastUsedAt: at, address } };
    });
  }

  addToken(token: StoredRefreshToken): Promise<void> {
    return this.db.write(async (tx) => {
      const session = await locked(tx, token.sessionId);
      if (session !== undefined && session.revokedAt === undefined) await insertToken(tx, token, session.lastUsedAt);
    });
  }

  async live(userId: string, now: number): Promise<Session[]> {
    const rows = await this.db.query<Row[]>(
      `SELECT * FROM sessions WHERE user_id = ? AND revoked_at IS NULL AND expires_at > ?
       ORDER BY last_used_at DESC, session_id DESC`,
      [userId, now],
    );
    return rows.map(sessionOf);
  }

  revoke(revocation: Revocation): Promise<string[]> {
    return this.db.write((tx) => revokeSessions(tx, revocation));
  }

  async revokedSince(since: number): Promise<{ sessionId: string; revokedAt: number }[]> {
    const rows = await this.db.query<Row[]>('SELECT session_id, revoked_at FROM sessions WHERE revoked_at >= ?', [
      since,
    ]);
    return rows.map((row) => ({ sessionId: row['session_id'] as string, revokedAt: Number(row['revoked_at']) }));
  }

  async prune(before: number): Promise<number> {
    let pruned = 0;
    for (;;) {
      const rows = await this.db.query<Row[]>(
        'SELECT session_id FROM sessions WHERE expires_at < ? OR revoked_at < ? LIMIT ?',
        [before, before, PRUNE_BATCH],
      );
      const ids = rows.map((row) => row['session_id'] as string);
      if (ids.length === 0) return pruned;
      await this.db.write(async ({ sql }) => {
        await sql.query(`DELETE FROM refresh_tokens WHERE session_id IN (${placeholders(ids)})`, ids);
        await sql.query(`DELETE FROM sessions WHERE session_id IN (${placeholders(ids)})`, ids);
      });
      pruned += ids.length;
    }
  }
}

/** ORDER: the write that changes nothing takes the row's lock on engines with many writers, so that two refreshes are judged one after the other. */
async function locked(tx: Transaction, sessionId: string): Promise<Session | undefined> {
  await tx.sql.query('UPDATE sessions SET session_id = session_id WHERE session_id = ?', [sessionId]);
  const rows: Row[] = await tx.sql.query('SELECT * FROM sessions WHERE session_id = ?', [sessionId]);
  return rows[0] === undefined ? undefined : sessionOf(rows[0]);
}
