const CHECK_MS = 300;

/**
 * Calls `stop` once when the npm that started us is gone: a killed npm cannot tell us, and a shell between us dies of a
 * signal without passing it on. Started without npm we are on our own, as any background job. Returns how to stop watching.
 */
export function whenNpmIsGone(stop) {
  if (!process.env.npm_lifecycle_event) return () => {};
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, CHECK_MS);
  timer.unref();
  return () => clearInterval(timer);
}
