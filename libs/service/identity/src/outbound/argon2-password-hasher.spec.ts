import { describe, expect, it } from 'vitest';
import { Argon2PasswordHasher } from './argon2-password-hasher.js';

describe('Argon2PasswordHasher', () => {
  it('makes argon2id hashes, each with a salt of its own, and knows the password again', async () => {
    const hasher = new Argon2PasswordHasher();
    const [one, two] = await Promise.all([hasher.hash('pässword five'), hasher.hash('pässword five')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(two);
    expect(one!.length).toBeLessThanOrEqual(200);
    expect(await hasher.matches(one, 'pässword five')).toBe(true);
    expect(await hasher.matches(one, 'password five')).toBe(false);
  });

  it('does the same work where there is no hash, and answers no', async () => {
    const hasher = new Argon2PasswordHasher();
    const stored = await hasher.hash('something');
    await hasher.matches(undefined, 'warm up');
    // In turns, and the quickest of each: what else the machine does makes a guess slower, never quicker.
    let [known, unknown] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    const time = async (hash: string | undefined) => {
      const start = performance.now();
      expect(await hasher.matches(hash, 'a guess')).toBe(false);
      return performance.now() - start;
    };
    for (let turn = 0; turn < 12; turn += 1) {
      known = Math.min(known, await time(stored));
      unknown = Math.min(unknown, await time(undefined));
    }
    expect(unknown / known).toBeGreaterThan(0.3);
    expect(unknown / known).toBeLessThan(3);
  });

  it('hashes the whole of a long password', async () => {
    const hasher = new Argon2PasswordHasher();
    const stored = await hasher.hash(`${'x'.repeat(127)}a`);
    expect(await hasher.matches(stored, `${'x'.repeat(127)}b`)).toBe(false);
  });

  it('lets a bounded number wait and tells the others to come back', async () => {
    const hasher = new Argon2PasswordHasher({ concurrency: 1, waiting: 2 });
    const all = await Promise.allSettled(Array.from({ length: 6 }, () => hasher.hash('flood')));
    expect(all.filter((one) => one.status === 'fulfilled')).toHaveLength(3);
    for (const one of all)
      if (one.status === 'rejected')
        expect(one.reason).toMatchObject({ code: 'server.busy', details: { retryAfterMs: 1000 } });
    await expect(hasher.hash('afterwards')).resolves.toBeDefined();
  });

  it('makes its decoy again when there was no room for it', async () => {
    const hasher = new Argon2PasswordHasher({ concurrency: 1, waiting: 0 });
    const busy = hasher.hash('somebody else');
    await expect(hasher.matches(undefined, 'x')).rejects.toMatchObject({ code: 'server.busy' });
    await busy;
    expect(await hasher.matches(undefined, 'x')).toBe(false);
  });
});
