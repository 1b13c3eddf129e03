/** So many per second, and so many at once. */
export interface Allowance {
  perSecond: number;
  burst: number;
}

export interface Use {
  key: string;
  count: number;
}

/**
 * What all gateways together have let through, one bucket per key: full at first, filled at `perSecond` up to `burst`. Each gateway
 * lets through by its own count and books afterwards, so a bucket can be overdrawn, by no more than `burst`.
 */
export abstract class SharedAllowance {
  /**
   * Books what was let through. Answers what is left of each key's bucket, in order; negative where it is overdrawn. Throws
   * `server.unavailable`: what was booked may count or not.
   */
  abstract book(uses: readonly Use[], allowance: Allowance): Promise<number[]>;
}
