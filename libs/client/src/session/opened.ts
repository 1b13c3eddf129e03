import type { AnswerOf } from '../api.js';
import type { SessionRow } from './session-store.js';

type Opened = AnswerOf<'POST /auth/login'>;

const SHORTEST_MS = 10_000;
const LONGEST_MS = 24 * 3_600_000;

/**
 * The answer that opens or continues a session, as it is stored. How long the access token is good is taken from the server's clock
 * alone and counted on ours from before the request: how far the two are apart does not matter.
 */
export function sessionRow(opened: Opened, asked: { at: number }, serverNow: number | undefined): SessionRow {
  const { user, session, accessToken, refreshToken } = opened;
  const now = serverNow ?? Date.parse(session.lastUsedAt);
  const said = Date.parse(opened.accessTokenExpiresAt) - now;
  const lifetimeMs = Number.isNaN(said) ? SHORTEST_MS : Math.min(Math.max(said, SHORTEST_MS), LONGEST_MS);
  return {
    user,
    sessionId: session.sessionId,
    deviceId: session.deviceId,
    accessToken,
    goodUntil: asked.at + lifetimeMs,
    lifetimeMs,
    refreshToken,
  };
}
