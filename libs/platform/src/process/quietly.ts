/** Something that is down says so with every try: one line in this time is enough. */
const QUIET_MS = 5000;

/** Passes a line on unless one of the same key was passed on a moment ago. */
export function quietly(say: (line: string) => void): (key: string, line: string) => void {
  const told = new Map<string, number>();
  return (key, line) => {
    const now = performance.now();
    if (now - (told.get(key) ?? -QUIET_MS) < QUIET_MS) return;
    told.set(key, now);
    say(line);
  };
}
