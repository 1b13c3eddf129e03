import { describe, expect, it, vi } from 'vitest';
import { KnownInstances } from './known-instances.js';

const at = (instance: string, address = `${instance}:1`) => ({ instance, address, zone: '' });

describe('what is known of instances', () => {
  it('does not believe an answer without any, and does the next one with some', () => {
    const known = new KnownInstances(1000);
    known.learn('message', [at('a'), at('b')]);
    known.learn('message', []);
    expect(known.of('message')).toEqual([at('a'), at('b')]);
    known.learn('message', [at('c')]);
    expect(known.of('message')).toEqual([at('c')]);
    expect(known.lately('message')).toEqual([at('a'), at('b')]);
  });

  it('tells who went from who fell ill', () => {
    const known = new KnownInstances(1000);
    known.learn('message', [at('a'), at('b'), at('c')]);
    known.learn('message', [at('c')], ['b']);
    expect(known.lately('message').map(({ instance }) => [instance, known.hasLeft('message', instance)])).toEqual([
      ['a', true],
      ['b', false],
    ]);
  });

  it('forgets who left after a while, and at once who came back', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const known = new KnownInstances(1000);
    known.learn('message', [at('a'), at('b'), at('c')]);
    known.learn('message', [at('c')]);
    known.learn('message', [at('b', 'elsewhere:2'), at('c')]);
    expect(known.lately('message')).toEqual([at('a')]);
    vi.advanceTimersByTime(1001);
    expect(known.lately('message')).toEqual([]);
    vi.useRealTimers();
  });

  it('answers the same array for the same instances in another order', () => {
    const known = new KnownInstances(1000);
    known.learn('message', [at('a'), at('b')]);
    const before = known.of('message');
    known.learn('message', [at('b'), at('a')]);
    expect(known.of('message')).toBe(before);
  });
});
