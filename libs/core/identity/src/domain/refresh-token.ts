import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Session } from './session.js';

/**
 * `prt.<session>.<generation>.<secret>.<mark>`. The store keeps a hash of the whole, for the generations that may still be used.
 * Whoever has the store cannot make one; whoever has an old one cannot use it, but is recognized by the mark.
 */
export interface RefreshToken {
  token: string;
  sessionId: string;
  generation: number;
}

export interface StoredRefreshToken {
  hash: string;
  sessionId: string;
  generation: number;
}

const PREFIX = 'prt';
const FORM = /^prt\.([0-9A-Za-z_-]{1,64})\.([1-9]\d{0,8})\.[0-9A-Za-z_-]{16,64}\.[0-9A-Za-z_-]{22}$/;

/** Answers of one generation that may wait for use: lost answers and parallel refreshes make more than one. */
export const MAX_SIBLINGS = 8;

export function makeRefreshToken(
  session: Pick<Session, 'sessionId' | 'refreshKey'>,
  generation: number,
  secret: string,
): RefreshToken {
  const { sessionId } = session;
  const text = `${PREFIX}.${sessionId}.${generation}.${secret}`;
  return { token: `${text}.${markOf(text, session.refreshKey)}`, sessionId, generation };
}

/** Undefined for what is not even of the form. */
export function parseRefreshToken(token: string): RefreshToken | undefined {
  if (token.length > 300) return undefined;
  const [, sessionId, generation] = FORM.exec(token) ?? [];
  return sessionId === undefined ? undefined : { token, sessionId, generation: Number(generation) };
}

export function stored(token: RefreshToken): StoredRefreshToken {
  return { hash: hashOf(token), sessionId: token.sessionId, generation: token.generation };
}

export function hashOf(token: RefreshToken): string {
  return createHash('sha256').update(token.token).digest('base64url');
}

export type RefreshVerdict = 'rotate' | 'reused' | 'revoked' | 'expired' | 'invalid';

/**
 * What becomes of a presented token. It stays valid until one of the next generation was used: a lost answer or two refreshes at
 * once lock nobody out. A genuine token of an older generation means that two parties hold the chain: `reused`.
 * @param known whether the store has its hash.
 * @param deviceId empty when the caller did not say.
 */
export function judgeRefresh(
  session: Session | undefined,
  presented: RefreshToken,
  known: boolean,
  now: number,
  deviceId: string,
): RefreshVerdict {
  if (session === undefined || !isGenuine(presented.token, session.refreshKey)) return 'invalid';
  if (session.revokedAt !== undefined) return 'revoked';
  if (session.expiresAt <= now) return 'expired';
  if (presented.generation < session.usedGeneration) return 'reused';
  if (!known || (deviceId !== '' && deviceId !== session.deviceId)) return 'invalid';
  return 'rotate';
}

function isGenuine(token: string, refreshKey: string): boolean {
  const end = token.lastIndexOf('.');
  const expected = Buffer.from(markOf(token.slice(0, end), refreshKey));
  const given = Buffer.from(token.slice(end + 1));
  return expected.length === given.length && timingSafeEqual(expected, given);
}

function markOf(text: string, refreshKey: string): string {
  return createHmac('sha256', refreshKey).update(text).digest('base64url').slice(0, 22);
}
