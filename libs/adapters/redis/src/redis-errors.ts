import { DomainError } from '@parley/kernel';

const RETRY_AFTER_MS = 500;

/** Answers by which Redis says that it cannot serve now, or not from here: it starts, was demoted, is full, or waits for a script. */
const PASSING =
  /^(LOADING|READONLY|MASTERDOWN|TRYAGAIN|CLUSTERDOWN|BUSY|OOM|MISCONF|NOREPLICAS|NOAUTH|WRONGPASS|NOPERM)\b/;

/**
 * What a command's failure means to a caller. No answer, no connection and a refusal for now are `server.unavailable`; a command
 * that Redis does not understand is a fault of ours and stays what it is.
 */
export function redisError(error: unknown): unknown {
  if (DomainError.is(error)) return error;
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  if (name === 'ReplyError' && !PASSING.test(message)) return error;
  // The address and the command stay in the log of this process; callers learn that it passes.
  return new DomainError('server.unavailable', 'unavailable', {
    message: 'Redis does not answer.',
    retryAfterMs: RETRY_AFTER_MS,
  });
}
