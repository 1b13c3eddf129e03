import type { Clock } from '@parley/kernel';
import { type Allowance, SharedAllowance, type Use } from './shared-allowance.js';

/** Of one process, for tests: its gateways share it as an object. */
export class InMemorySharedAllowance extends SharedAllowance {
  private readonly buckets = new Map<string, { left: number; at: number }>();

  constructor(private readonly clock: Clock) {
    super();
  }

  async book(uses: readonly Use[], { perSecond, burst }: Allowance): Promise<number[]> {
    const now = this.clock.now();
    return uses.map(({ key, count }) => {
      const { left, at } = this.buckets.get(key) ?? { left: burst, at: now };
      const after = Math.max(Math.min(burst, left + ((now - at) / 1000) * perSecond) - count, -burst);
      this.buckets.set(key, { left: after, at: now });
      return after;
    });
  }
}
