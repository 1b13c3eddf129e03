import type { SqlDatabase } from '@parley/adapter-sql';
import { forEachEngine } from '@parley/adapter-sql/testing';
import { eventually, never } from '@parley/testing';
import { describe, expect, it } from 'vitest';
import { Sweeper } from './sweeper.js';

describe('Sweeper', () => {
  it('does its work again and again, one at a time, whatever it throws, until it is stopped', async () => {
    let runs = 0;
    let inside = 0;
    let most = 0;
    const sweeper = new Sweeper({
      name: 'test.work',
      everyMs: 5,
      work: async () => {
        most = Math.max(most, ++inside);
        await new Promise((resolve) => setTimeout(resolve, 12));
        inside -= 1;
        runs += 1;
        if (runs === 1) throw new Error('on purpose');
      },
    });
    sweeper.start();
    await eventually('three runs', () => runs >= 3);
    await sweeper.stop();
    const before = runs;
    expect([most, inside]).toEqual([1, 0]);
    await never('a run after the end', () => runs > before, 50);
  });
});

forEachEngine((_name, open) => {
  describe('Sweeper of several replicas', () => {
    const EVERY_MS = 200;

    it('does the work once per period, and goes on when one of them ends', async () => {
      const { databases, close } = await open('presence');
      const at: { who: number; ms: number }[] = [];
      const sweepers = [databases[0], databases.at(-1) as SqlDatabase].map(
        ({ leases }, who) =>
          new Sweeper({
            name: 'test.shared',
            everyMs: EVERY_MS,
            leases,
            work: async () => void at.push({ who, ms: performance.now() }),
          }),
      );
      for (const sweeper of sweepers) sweeper.start();
      await eventually('six runs', () => at.length >= 6, { deadlineMs: 10_000 });
      // Over all runs: a busy machine may see one late, and the next then sooner after it.
      const tookMs = (at.at(-1)?.ms ?? 0) - (at[0]?.ms ?? 0);
      expect(tookMs / (at.length - 1)).toBeGreaterThan(EVERY_MS * 0.75);
      const { who } = at.at(-1) as { who: number };
      await sweepers[who]?.stop();
      await eventually('the other one', () => at.at(-1)?.who === 1 - who);
      await sweepers[1 - who]?.stop();
      await close();
    });
  });
});
