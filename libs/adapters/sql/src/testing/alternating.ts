/**
 * One object of several: each call goes to the next one. Made of a store in each of two processes, it lets every suite, with its
 * races, run across them.
 */
export function alternating<T extends object>(...all: [T, ...T[]]): T {
  let calls = 0;
  return new Proxy(all[0], {
    get(_first, name) {
      const own = Reflect.get(all[0], name) as unknown;
      if (typeof own !== 'function') return own;
      return (...values: unknown[]) => {
        const next = all[calls++ % all.length] as T;
        return (Reflect.get(next, name) as (...args: unknown[]) => unknown).apply(next, values);
      };
    },
  });
}
