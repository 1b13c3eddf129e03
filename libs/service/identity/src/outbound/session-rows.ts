import { MAX_SIBLINGS, type Opening, type StoredRefreshToken } from '@parley/core-identity';
import { sessionsRevoked } from './facts.js';
import type { Transaction } from './identity-database.js';
import { placeholders, type Row } from './rows.js';

/** Statements about sessions that more than one store needs inside its own transaction. */
export async function insertOpening(tx: Transaction, { session, token }: Opening): Promise<void> {
  await tx.sql.query(
    `INSERT INTO sessions (session_id, user_id, device_id, device_name, platform, address, created_at, last_used_at,
       expires_at, used_generation, refresh_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      session.sessionId,
      session.userId,
      session.deviceId,
      session.deviceName,
      session.platform,
      session.address,
      session.createdAt,
      session.lastUsedAt,
      session.expiresAt,
      session.usedGeneration,
      session.refreshKey,
    ],
  );
  await insertToken(tx, token, session.createdAt);
}

/** Keeps at most MAX_SIBLINGS of one generation, so that repeats of one refresh cannot fill the table. */
export async function insertToken(tx: Transaction, token: StoredRefreshToken, at: number): Promise<void> {
  await tx.sql.query(
    'INSERT INTO refresh_tokens (token_hash, session_id, generation, created_at) VALUES (?, ?, ?, ?)',
    [token.hash, token.sessionId, token.generation, at],
  );
  const siblings: Row[] = await tx.sql.query(
    'SELECT token_hash FROM refresh_tokens WHERE session_id = ? AND generation = ? ORDER BY created_at DESC LIMIT 100',
    [token.sessionId, token.generation],
  );
  const surplus = siblings.map((row) => row['token_hash']).filter((hash) => hash !== token.hash);
  const old = surplus.slice(MAX_SIBLINGS - 1);
  if (old.length > 0) await tx.sql.query(`DELETE FROM refresh_tokens WHERE token_hash IN (${placeholders(old)})`, old);
}

export interface RevocationScope {
  userId: string;
  /** Absent: all. */
  sessionIds?: readonly string[];
  exceptSessionId?: string;
  code: string;
  at: number;
}

/** Ends live sessions with their refresh tokens and tells the others. Answers the ids of those that this call ended. */
export async function revokeSessions(tx: Transaction, scope: RevocationScope): Promise<string[]> {
  const { userId, sessionIds, exceptSessionId = '', code, at } = scope;
  if (sessionIds?.length === 0) return [];
  const rows: Row[] = await tx.sql.query(
    `SELECT session_id FROM sessions WHERE user_id = ? AND session_id <> ? AND revoked_at IS NULL AND expires_at > ?
     ${sessionIds === undefined ? '' : `AND session_id IN (${placeholders(sessionIds)})`}`,
    [userId, exceptSessionId, at, ...(sessionIds ?? [])],
  );
  const ids = rows.map((row) => row['session_id'] as string);
  if (ids.length === 0) return [];
  await tx.sql.query(
    `UPDATE sessions SET revoked_at = ?, revoked_code = ? WHERE session_id IN (${placeholders(ids)})`,
    [at, code, ...ids],
  );
  await tx.sql.query(`DELETE FROM refresh_tokens WHERE session_id IN (${placeholders(ids)})`, ids);
  tx.tell(sessionsRevoked(userId, ids, code));
  return ids;
}
