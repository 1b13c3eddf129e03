import { describe, expect, it } from 'vitest';
import { SearchTurns } from './search-turns.js';

describe('turns of searches', () => {
  const turns = () => {
    const turn = new SearchTurns({ atOnce: 2, waitingOfOne: 2, waiting: 4 });
    const story: string[] = [];
    const ends = new Map<string, (error?: Error) => void>();
    const search = (userId: string, name: string) =>
      turn
        .take(userId, () => {
          story.push(name);
          return new Promise<void>((resolve, reject) =>
            ends.set(name, (error) => (error === undefined ? resolve() : reject(error))),
          );
        })
        .catch((error: { code?: string }) => story.push(`${name} ${error.code ?? 'failed'}`));
    const end = async (name: string, error?: Error) => {
      ends.get(name)?.(error);
      await new Promise((resolve) => setImmediate(resolve));
    };
    return { story, search, end };
  };
  const settle = () => new Promise((resolve) => setImmediate(resolve));

  it('run one of each user, few at once, the others in their order', async () => {
    const { story, search, end } = turns();
    for (const [user, name] of ['ann a1', 'ann a2', 'bob b1', 'cat c1'].map((one) => one.split(' ')))
      void search(user as string, name as string);
    await settle();
    expect(story).toEqual(['a1', 'b1']);
    await end('b1');
    expect(story).toEqual(['a1', 'b1', 'c1']);
    await end('a1', new Error('broken'));
    expect(story).toEqual(['a1', 'b1', 'c1', 'a2', 'a1 failed']);
    await end('a2');
    await end('c1');
    void search('ann', 'a3');
    expect(story.at(-1)).toBe('a3');
  });

  it('are refused where one user asks for many, or too many wait', async () => {
    const { story, search } = turns();
    for (const n of [1, 2, 3, 4]) void search('ann', `a${n}`);
    for (const name of ['bob', 'cat', 'dan', 'eve']) void search(name, name);
    await settle();
    expect(story).toEqual(['a1', 'bob', 'a4 limit.rate', 'eve server.busy']);
  });
});
