import { beforeEach, describe, expect, it } from 'vitest';
import type { WatchRegistry } from '../ports/watch-registry.js';

export function watchRegistryContract(name: string, make: () => Promise<WatchRegistry>): void {
  describe(`watch registry: ${name}`, () => {
    let registry: WatchRegistry;

    beforeEach(async () => {
      registry = await make();
    });

    const watching = async () => {
      const found = new Set<string>();
      for (let from = ''; ; ) {
        const { sessionIds, next } = await registry.sessions(from);
        for (const id of sessionIds) found.add(id);
        if (next === '') return [...found].sort();
        from = next;
      }
    };

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
      expect(await watching()).toEqual(['s1', 's2']);
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
      expect(await watching()).toEqual([]);
      await registry.drop([]);
    });

    it('counts nobody twice, and takes an empty list', async () => {
      expect(await registry.watch('s1', 'ann', [])).toBe(0);
      expect(await registry.watch('s1', 'ann', ['bob', 'bob'])).toBe(1);
      expect(await registry.watch('s1', 'ann', [])).toBe(1);
      expect(await registry.watchersOf([])).toEqual(new Map());
    });

    it('tells all who watch, in pages', async () => {
      const ids = Array.from({ length: 3000 }, (_, index) => `s${index}`);
      await Promise.all(ids.map((id) => registry.watch(id, 'ann', ['bob'])));
      expect(await watching()).toEqual([...ids].sort());
      expect(((await registry.watchersOf(['bob'])).get('bob') ?? []).sort()).toEqual([...ids].sort());
      await registry.drop(ids);
      expect(await watching()).toEqual([]);
      expect(await registry.watchersOf(['bob'])).toEqual(new Map());
    });

    it('agrees with itself when many watch and stop at once', async () => {
      const users = Array.from({ length: 50 }, (_, index) => `u${index}`);
      const counts = await Promise.all(users.map((userId) => registry.watch('s1', 'ann', [userId])));
      expect([...counts].sort((a, b) => a - b)).toEqual(users.map((_, index) => index + 1));
      await Promise.all([
        registry.drop(['s1']),
        ...users.map((userId) => registry.unwatch('s1', [userId])),
        registry.watch('s2', 'eve', users),
      ]);
      expect(await watching()).toEqual(['s2']);
      expect(await registry.watchersOf(['u0', 'u49'])).toEqual(
        new Map([
          ['u0', ['s2']],
          ['u49', ['s2']],
        ]),
      );
    });
  });
}
