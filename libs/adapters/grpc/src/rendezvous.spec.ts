import { describe, expect, it } from 'vitest';
import { bestOf } from './rendezvous.js';

const names = ['message-a.1f', 'message-a.2c', 'message-b.77', 'message-b.78'];
const keys = Array.from({ length: 8000 }, (_, at) => `0190${at.toString(16).padStart(6, '0')}-7000-8000`);
const spread = (over: string[]) => keys.map((key) => bestOf(key, over, (name) => name));

describe('rendezvous hashing', () => {
  it('spreads keys evenly over names that hardly differ', () => {
    const chosen = spread(names);
    for (const name of names) {
      const share = chosen.filter((one) => one === name).length / keys.length;
      expect(share).toBeGreaterThan(0.22);
      expect(share).toBeLessThan(0.28);
    }
  });

  it('moves only the keys of a name that goes, and only to a name that comes', () => {
    const before = spread(names);
    const without = spread(names.slice(1));
    const added = spread([...names, 'message-c.00']);
    for (const [at, name] of before.entries()) {
      if (name !== names[0]) expect(without[at]).toBe(name);
      if (added[at] !== name) expect(added[at]).toBe('message-c.00');
    }
  });

  it('does not depend on the order in which names are known', () => {
    expect(spread([...names].reverse())).toEqual(spread(names));
    expect(bestOf('key', [], String)).toBeUndefined();
  });
});
