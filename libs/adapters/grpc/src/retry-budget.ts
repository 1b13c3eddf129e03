/** Saved up by calls that went by, spent by calls that are made again. */
const SHARE = 0.2;
/** A quiet service may still repeat a few; a busy one at most those that were under way when an instance died. */
const FIRST = 20;
const MOST = 500;

/** At most a fifth of the calls of a service are made again, so that repeating never is what keeps an overloaded service down. */
export class RetryBudget {
  private tokens = FIRST;

  /** A call was made for the first time. */
  earn(): void {
    this.tokens = Math.min(MOST, this.tokens + SHARE);
  }

  /** Answers whether one may be made again. */
  spend(): boolean {
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}
