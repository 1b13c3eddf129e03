import { eventually } from '@parley/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { type Leases, whileHeld } from './leases.js';
import { sqlEngines } from './testing/index.js';

for (const sql of sqlEngines)
  describe.skipIf(sql.missing)(`leases on ${sql.name}`, () => {
    const closing: (() => Promise<void>)[] = [];
    afterEach(async () => {
      for (const close of closing.splice(0)) await close();
    });

    async function open(): Promise<{ one: Leases; two: Leases }> {
      const opened = await sql.open('presence');
      closing.push(() => opened.close());
      return { one: opened.database.leases, two: (await opened.another()).leases };
    }

    it('are held by one of all who ask at once, per name, and free when given back', async () => {
      const { one, two } = await open();
      const asked = await Promise.all([one, two, one, two].map((leases) => leases.tryTake('relay', 60_000)));
      const [lease, ...others] = asked.filter((each) => each !== undefined);
      expect(others).toEqual([]);
      expect(lease?.isHeld()).toBe(true);
      expect(await lease?.renew()).toBe(true);
      expect(await two.tryTake('other', 60_000)).toBeDefined();
      await lease?.release();
      expect(lease?.isHeld()).toBe(false);
      expect(await lease?.renew()).toBe(false);
      const next = await two.tryTake('relay', 60_000);
      expect(next?.isHeld()).toBe(true);
      // The end of what was given back ends nothing of who has it now.
      await lease?.release();
      expect(await one.tryTake('relay', 60_000)).toBeUndefined();
    });

    it('pass to another when their holder falls silent, which then knows', async () => {
      const { one, two } = await open();
      const silent = await one.tryTake('relay', 200);
      expect(await two.tryTake('relay', 200)).toBeUndefined();
      const next = await eventually('the other has it', () => two.tryTake('relay', 60_000), { deadlineMs: 2000 });
      expect(silent?.isHeld()).toBe(false);
      expect(await silent?.renew()).toBe(false);
      expect(next.isHeld()).toBe(true);
    });

    it('are kept for as long as the work takes', async () => {
      const { one, two } = await open();
      const lease = (await one.tryTake('relay', 200)) as NonNullable<Awaited<ReturnType<Leases['tryTake']>>>;
      const start = performance.now();
      const taken: boolean[] = [];
      await whileHeld(lease, 200, async () => {
        await eventually('three times its length', async () => {
          taken.push((await two.tryTake('relay', 200)) !== undefined);
          return performance.now() - start > 600;
        });
      });
      expect(taken).not.toContain(true);
      expect(await two.tryTake('relay', 200)).toBeDefined();
    });

    it('let work be done by one after the other', async () => {
      const { one, two } = await open();
      let inside = 0;
      let most = 0;
      const work = async () => {
        inside += 1;
        most = Math.max(most, inside);
        await new Promise((resolve) => setImmediate(resolve));
        inside -= 1;
      };
      await Promise.all([one, two, one, two].map((leases) => leases.alone('once', work)));
      expect(most).toBe(1);
      const stopped = AbortSignal.abort(new Error('stop'));
      await one.tryTake('once', 60_000);
      await expect(two.alone('once', work, { signal: stopped })).rejects.toThrow();
    });
  });
