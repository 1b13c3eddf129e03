import type { StorageKey, StorageRange } from '../ports.js';

/** As IndexedDB orders keys (https://w3c.github.io/IndexedDB/#key-construct): numbers, text, arrays; arrays part by part, the shorter first. */
export function compareKeys(a: StorageKey, b: StorageKey): number {
  const [kindA, kindB] = [kindOf(a), kindOf(b)];
  if (kindA !== kindB) return kindA - kindB;
  if (typeof a === 'object' && typeof b === 'object') {
    for (let at = 0; at < a.length && at < b.length; at++) {
      const order = compareKeys(a[at] as StorageKey, b[at] as StorageKey);
      if (order !== 0) return order;
    }
    return a.length - b.length;
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

const kindOf = (key: StorageKey) => (typeof key === 'number' ? 0 : typeof key === 'string' ? 1 : 2);

/** Where `key` is or belongs in sorted `keys`; `after`: the place behind an equal one. */
export function placeOf(keys: readonly StorageKey[], key: StorageKey, after = false): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = compareKeys(keys[middle] as StorageKey, key);
    if (order < 0 || (after && order === 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The part of sorted `keys` that a range means, in its direction. */
export function keysIn(keys: readonly StorageKey[], range: StorageRange): StorageKey[] {
  const start = range.from === undefined ? 0 : placeOf(keys, range.from);
  const end = range.to === undefined ? keys.length : placeOf(keys, range.to, true);
  const limit = Math.min(range.limit ?? Number.POSITIVE_INFINITY, Math.max(0, end - start));
  return range.backwards === true ? keys.slice(end - limit, end).reverse() : keys.slice(start, start + limit);
}
