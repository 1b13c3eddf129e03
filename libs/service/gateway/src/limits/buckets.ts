import type { Allowance, Use } from './shared-allowance.js';

/** Asked for this often at least between two bookings before a gateway books it: whoever is slower cannot exceed on a few gateways. */
const WORTH_BOOKING = 2;

interface Bucket {
  left: number;
  at: number;
  /** Let through since the last booking. */
  used: number;
  /** Was empty, and is not yet filled with a second's worth. */
  shut: boolean;
}

/**
 * One bucket per key, full at first, filled at `perSecond` up to `burst`. One that has run empty stays shut until it holds a second's
 * worth: so there is a pause that clients can wait for, rather than every other try refused.
 */
export class Buckets {
  private readonly buckets = new Map<string, Bucket>();

  constructor(readonly allowance: Allowance) {}

  get size(): number {
    return this.buckets.size;
  }

  /** Answers 0 for let through, or how long to wait, in ms. */
  take(key: string, now: number): number {
    const { perSecond, burst } = this.allowance;
    let bucket = this.buckets.get(key);
    if (bucket === undefined) {
      bucket = { left: burst, at: now, used: 0, shut: false };
      this.buckets.set(key, bucket);
    } else this.fill(bucket, now);
    bucket.shut = bucket.left < (bucket.shut ? perSecond : 1);
    if (bucket.shut) return Math.ceil(((perSecond - bucket.left) / perSecond) * 1000);
    bucket.left -= 1;
    bucket.used += 1;
    return 0;
  }

  /** What was let through since the last time. */
  collect(): Use[] {
    const uses: Use[] = [];
    for (const [key, bucket] of this.buckets) {
      if (bucket.used >= WORTH_BOOKING) uses.push({ key, count: bucket.used });
      bucket.used = 0;
    }
    return uses;
  }

  /** What is left over all gateways, as of the last time; less what was let through here since. */
  correct(key: string, left: number): void {
    const bucket = this.buckets.get(key);
    if (bucket !== undefined) bucket.left = Math.min(bucket.left, left - bucket.used);
  }

  /** Forgets those that are full. */
  prune(now: number): void {
    for (const [key, bucket] of this.buckets) {
      this.fill(bucket, now);
      if (bucket.left >= this.allowance.burst) this.buckets.delete(key);
    }
  }

  private fill(bucket: Bucket, now: number): void {
    const { perSecond, burst } = this.allowance;
    bucket.left = Math.min(burst, bucket.left + (Math.max(now - bucket.at, 0) / 1000) * perSecond);
    bucket.at = now;
  }
}
