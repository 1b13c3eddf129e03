import { describe, expect, it } from 'vitest';
import { MemoryAttemptThrottle, NoThrottle } from './memory-attempt-throttle.js';

const at = (target: string, address = '192.0.2.1') => ({ target, address });

describe('MemoryAttemptThrottle', () => {
  const limits = { perTarget: 3, perAddress: 5, creations: 2 };

  it('stops guesses at one name from one address, in every form of it, and leaves other addresses alone', async () => {
    const throttle = new MemoryAttemptThrottle(limits);
    for (let i = 0; i < 3; i += 1) await throttle.guess(at('ann'));
    await expect(throttle.guess(at('ann', '::ffff:192.0.2.1'))).rejects.toMatchObject({ code: 'limit.rate' });
    await throttle.guess(at('ann', '203.0.113.5'));
  });

  it('does not lock the owner out with guesses of others, however many', async () => {
    const throttle = new MemoryAttemptThrottle(limits);
    for (let i = 0; i < 100; i += 1) await throttle.guess(at('ann', `198.51.100.${i}`));
    await expect(throttle.guess(at('ann', '203.0.113.5'))).resolves.toBeUndefined();
  });

  it('counts parallel guesses before any of them is answered', async () => {
    const throttle = new MemoryAttemptThrottle(limits);
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => throttle.guess(at('ann'))));
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(3);
  });

  it('stops one address that tries many names, and says how long', async () => {
    const throttle = new MemoryAttemptThrottle(limits);
    for (let i = 0; i < 5; i += 1) await throttle.guess(at(`name${i}`));
    const refused = await throttle.guess(at('name9')).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'limit.rate', kind: 'rate_limited' });
    expect((refused as { details: { retryAfterMs: number } }).details.retryAfterMs).toBeGreaterThan(1000);
  });

  it('starts anew after a right one', async () => {
    const throttle = new MemoryAttemptThrottle(limits);
    for (let i = 0; i < 20; i += 1) {
      await throttle.guess(at('ann'));
      await throttle.succeeded(at('ann'));
    }
  });

  it('bounds new accounts by address', async () => {
    const throttle = new MemoryAttemptThrottle(limits);
    await throttle.creation('192.0.2.1');
    await throttle.creation('192.0.2.1');
    await expect(throttle.creation('192.0.2.1')).rejects.toMatchObject({ code: 'limit.rate' });
    await throttle.creation('192.0.2.2');
  });

  it('counts nothing while limits are off', async () => {
    const throttle = new NoThrottle();
    for (let i = 0; i < 100; i += 1) {
      await throttle.guess();
      await throttle.creation();
      await throttle.succeeded();
    }
  });
});
