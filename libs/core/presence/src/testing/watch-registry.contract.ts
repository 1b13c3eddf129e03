import { beforeEach, describe, expect, it } from 'vitest';
import type { WatchRegistry } from '../ports/watch-registry.js';

export function watchRegistryContract(name: string, make: () => Promise<WatchRegistry>): void {
  describe(`watch registry: ${name}`, () => {
    let registry: WatchRegistry;

    beforeEach(async () => {
      registry = await make();
    });

    it('knows who watches whom', async () => {
      expect(await registry.watch('s1', 'ann', ['bob', 'cat'])).toBe(2);
      expect(await registry.watch('s1', 'ann', ['bob', 'dan'])).toBe(3);
      expect(await registry.watch('s2', 'eve', ['bob'])).toBe(1);
      const watchers = await registry.watchersOf(['bob', 'cat', 'nobody']);
      expect([...watchers].map(([user, sessions]) => [user, [...sessions].sort()]).sort()).toEqual([
        ['bob', ['s1', 's2']],
        ['cat', ['s1']],
      ]);
      expect(await registry.sessionsWatching('ann', 'bob')).toEqual(['s1']);
      expect(await registry.sessionsWatching('eve', 'cat')).toEqual([]);
      expect((await registry.sessions()).sort()).toEqual(['s1', 's2']);
    });

    it('forgets single users and whole sessions', async () => {
      await registry.watch('s1', 'ann', ['bob', 'cat']);
      await registry.watch('s2', 'ann', ['bob']);
      await registry.unwatch('s1', ['bob', 'never']);
      await registry.unwatch('unknown', ['bob']);
      expect(await registry.watchersOf(['bob', 'cat'])).toEqual(
        new Map([
          ['bob', ['s2']],
          ['cat', ['s1']],
        ]),
      );
      await registry.drop(['s1', 'unknown']);
      expect(await registry.watchersOf(['bob', 'cat'])).toEqual(new Map([['bob', ['s2']]]));
      await registry.unwatch('s2', ['bob']);
      expect(await registry.sessions()).toEqual([]);
    });
  });
}
