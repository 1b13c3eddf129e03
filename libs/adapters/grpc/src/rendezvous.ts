/**
 * Highest random weight hashing (Thaler and Ravishankar): every key ranks all names for itself. When a name goes, only its keys move,
 * each to the next in its own rank; when one comes, it takes only keys it wins. Every process ranks alike, with nothing to agree on.
 */
export function bestOf<T>(key: string, candidates: readonly T[], nameOf: (candidate: T) => string): T | undefined {
  const keyHash = hash(key);
  let best: T | undefined;
  let bestWeight = -1;
  for (const candidate of candidates) {
    const weight = mix(keyHash ^ hash(nameOf(candidate)));
    if (weight > bestWeight) {
      best = candidate;
      bestWeight = weight;
    }
  }
  return best;
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value;
}

/** The finalizer of MurmurHash3: without it, names that differ in one place would rank alike for most keys. */
function mix(value: number): number {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
