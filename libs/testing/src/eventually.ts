import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Tries until `probe` returns something other than undefined or false and does not throw. `deadlineMs` is how long the
 * thing may take, not how long it usually takes: a test that passes does not wait for it.
 */
export async function eventually<T>(
  what: string,
  probe: () => T | Promise<T>,
  { deadlineMs = 5000, everyMs = 20 } = {},
): Promise<Exclude<T, undefined | false>> {
  const deadline = performance.now() + deadlineMs;
  let last: unknown;
  for (;;) {
    try {
      const value = await probe();
      if (value !== undefined && value !== false) return value as Exclude<T, undefined | false>;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadline) break;
    await sleep(everyMs);
  }
  const reason = last instanceof Error ? `: ${last.message}` : '';
  throw new Error(`${what}: not within ${deadlineMs} ms${reason}`, { cause: last });
}

/** For what must NOT happen: gives it `ms` to happen. The only honest use of waiting. */
export async function never(what: string, probe: () => boolean, ms = 300): Promise<void> {
  const end = performance.now() + ms;
  while (performance.now() < end) {
    if (probe()) throw new Error(`happened but must not: ${what}`);
    await sleep(20);
  }
}
