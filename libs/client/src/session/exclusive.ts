import type { Locks } from '../platform/platform.js';
import type { Clockwork } from '../ports.js';
import type { SessionStore } from './session-store.js';

/** Longer than a request may take. */
const HELD_AT_MOST_MS = 40_000;
const LOOK_AGAIN_MS = 100;

/** Runs one piece of work at a time over all tabs. A holder that hangs (a frozen tab) is not waited for longer than its request may take. */
export type Exclusive = <T>(work: () => Promise<T>) => Promise<T>;

export function byLocks(locks: Locks, name: string, clockwork: Clockwork): Exclusive {
  return async (work) => {
    const waiting = new AbortController();
    const stop = clockwork.after(HELD_AT_MOST_MS, () => waiting.abort());
    let result: { value: Awaited<ReturnType<typeof work>> } | undefined;
    let failed: { error: unknown } | undefined;
    const held = async () => {
      stop();
      try {
        result = { value: await work() };
      } catch (error) {
        failed = { error };
      }
    };
    await locks.request(name, { signal: waiting.signal }, held).catch(held);
    if (failed !== undefined) throw failed.error;
    return (result as { value: Awaited<ReturnType<typeof work>> }).value;
  };
}

export function byLease(store: SessionStore, clockwork: Clockwork): Exclusive {
  return async (work) => {
    const holder = clockwork.uuid();
    while (!(await store.lease(holder, HELD_AT_MOST_MS)))
      await new Promise<void>((resolve) => void clockwork.after(LOOK_AGAIN_MS, resolve));
    try {
      return await work();
    } finally {
      await store.giveBack(holder);
    }
  };
}
