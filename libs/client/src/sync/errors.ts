import type { ParleyError } from '../errors.js';

const codeOf = (error: unknown) => (error as Partial<ParleyError> | undefined)?.code;

/** The same may succeed later. What is no answer of anybody counts as a bad moment. */
export const isRetryable = (error: unknown) => (error as Partial<ParleyError> | undefined)?.retryable ?? true;
export const isOffline = (error: unknown) => codeOf(error) === 'client.offline';
export const isGone = (error: unknown) =>
  codeOf(error) === 'conversation.not_found' || codeOf(error) === 'message.not_a_member';
export const isOver = (error: unknown) => codeOf(error) === 'client.signed_out' || codeOf(error) === 'client.closed';

/** Half a second, doubling up to 30 s, spread by chance; never before the server wants it. */
export function delayOf(attempt: number, random: number, error?: unknown): number {
  const spread = Math.min(30_000, 500 * 2 ** Math.min(attempt, 10)) * (0.5 + random / 2);
  return Math.max(spread, (error as Partial<ParleyError> | undefined)?.retryAfterMs ?? 0);
}
