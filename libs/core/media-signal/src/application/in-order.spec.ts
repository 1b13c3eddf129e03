import { DomainError } from '@parley/kernel';
import { describe, expect, it } from 'vitest';
import { InOrder } from './in-order.js';

describe('order', () => {
  it('is kept per key, survives failures, leaves nothing behind and is bounded', async () => {
    const order = new InOrder();
    const done: number[] = [];
    const work = (at: number) => async () => {
      await new Promise((resolve) => setTimeout(resolve, at % 3));
      if (at === 2) throw new DomainError('x.y', 'internal');
      done.push(at);
    };
    const all = await Promise.allSettled(Array.from({ length: 6 }, (_, at) => order.run('k', work(at))));
    expect(done).toEqual([0, 1, 3, 4, 5]);
    expect(all.filter((one) => one.status === 'rejected')).toHaveLength(1);
    expect(order.size).toBe(0);
    const flood = Array.from({ length: 501 }, () => order.run('k', async () => undefined));
    const refused = (await Promise.allSettled(flood)).filter((one) => one.status === 'rejected');
    expect(refused.map((one) => (one.reason as DomainError).code)).toEqual(['server.busy']);
  });
});
