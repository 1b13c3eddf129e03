/** A key pair that signs access tokens. Everything but `privateJwk` is published. */
export interface SigningKey {
  kid: string;
  /** JWK as JSON. */
  privateJwk: string;
  publicJwk: string;
  createdAt: number;
}

export interface KeyLifetimes {
  /** A key signs for this long. */
  rotateAfterMs: number;
  /** Published for this long after its last signature: the longest life of an access token, and a margin for clocks. */
  overlapMs: number;
}

/** Newest first. */
export function newestFirst(keys: readonly SigningKey[]): SigningKey[] {
  return [...keys].sort((a, b) => b.createdAt - a.createdAt || (a.kid < b.kid ? 1 : -1));
}

export function needsNewKey(keys: readonly SigningKey[], now: number, { rotateAfterMs }: KeyLifetimes): boolean {
  const [newest] = newestFirst(keys);
  return newest === undefined || now - newest.createdAt >= rotateAfterMs;
}

/** Keys that nothing unexpired was signed with: a key stops signing when a newer one appears. */
export function outlived(keys: readonly SigningKey[], now: number, { overlapMs }: KeyLifetimes): SigningKey[] {
  return newestFirst(keys).filter((_, index, all) => {
    const successor = all[index - 1];
    return successor !== undefined && now - successor.createdAt > overlapMs;
  });
}
