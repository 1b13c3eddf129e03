/**
 * Which of several tabs speaks, and whether somebody looks at any of them; by Web Locks (https://w3c.github.io/web-locks/).
 * Where there are none, over plain http, each tab is alone.
 */
const SPEAKER = 'parley.speaker';
const SEEN = 'parley.seen';

export interface Attention {
  /** This tab is the one to speak, and nobody looks. */
  shouldSpeak(): Promise<boolean>;
  stop(): void;
}

export function watchAttention(): Attention {
  const locks = navigator.locks as LockManager | undefined;
  const gone = new AbortController();
  const seen = (): boolean => document.visibilityState === 'visible' && document.hasFocus();
  if (locks === undefined) return { shouldSpeak: () => Promise.resolve(!seen()), stop: () => undefined };

  let speaker = false;
  const hold = (name: string, until: AbortSignal, mode: LockMode, held: () => void): void =>
    void locks
      .request(name, { mode, signal: until }, () => {
        held();
        return new Promise<void>((resolve) => until.addEventListener('abort', () => resolve(), { once: true }));
      })
      .catch(() => undefined);
  hold(SPEAKER, gone.signal, 'exclusive', () => (speaker = true));

  let looked: AbortController | undefined;
  const look = (): void => {
    if (seen() === (looked !== undefined)) return;
    looked?.abort();
    looked = seen() ? new AbortController() : undefined;
    if (looked !== undefined) hold(SEEN, looked.signal, 'shared', () => undefined);
  };
  const signal = gone.signal;
  for (const event of ['focus', 'blur'] as const) addEventListener(event, look, { signal });
  document.addEventListener('visibilitychange', look, { signal });
  look();

  return {
    shouldSpeak: async () => speaker && !(await locks.query()).held?.some(({ name }) => name === SEEN),
    stop: () => {
      looked?.abort();
      gone.abort();
    },
  };
}
