export interface Attempt {
  /** Folded username or other name of what is guessed at, whether it exists or not. */
  target: string;
  address: string;
}

/**
 * Slows guessing. Counts per target and address, and per address; never per target alone, because whoever knows a name could then
 * lock its owner out. All methods throw `limit.rate` with the time to wait.
 */
export abstract class AttemptThrottle {
  /** Counts a guess before it is checked, so that parallel guesses do not slip through. */
  abstract guess(attempt: Attempt): Promise<void>;
  /** The guess was right: the target's count from this address starts anew. */
  abstract succeeded(attempt: Attempt): Promise<void>;
  /** Counts a new account or guest from this address. */
  abstract creation(address: string): Promise<void>;
}
