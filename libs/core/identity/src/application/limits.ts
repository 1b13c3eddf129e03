/** Lifetimes and counts, from settings. An abstract class only to be a token for injection. */
export abstract class IdentityLimits {
  abstract readonly accessTokenMs: number;
  /** Absolute lifetime of a session: refreshes do not extend it. */
  abstract readonly sessionMs: number;
  /** Live sessions of one user; the least recently used one gives way. */
  abstract readonly sessionsPerUser: number;
  abstract readonly rotateKeysAfterMs: number;
}

/** How far clocks of two machines may be apart. */
export const CLOCK_SKEW_MS = 60_000;
/** Instances look for a new key this often, so an old one may still sign for this long after its successor appeared. */
export const KEY_CHECK_MS = 3_600_000;
