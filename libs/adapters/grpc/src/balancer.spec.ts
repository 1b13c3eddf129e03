import { describe, expect, it } from 'vitest';
import { pick, routeOf } from './balancer.js';
import type { Peer } from './peer.js';
import { RetryBudget } from './retry-budget.js';

const peer = (instance: string, more: Partial<{ rank: number; inFlight: number; zone: string }> = {}) =>
  ({
    at: { instance, address: `${instance}:1`, zone: more.zone ?? '' },
    rank: more.rank ?? 0,
    inFlight: more.inFlight ?? 0,
  }) as Peer;
const wanted = { tried: [] };
const chosen = (peers: Peer[], zone = '', more = {}) =>
  new Set(Array.from({ length: 200 }, () => pick(peers, { ...wanted, ...more }, zone)?.at.instance));

describe('who is asked', () => {
  it('is the less busy of two', () => {
    expect(chosen([peer('a', { inFlight: 5 }), peer('b', { inFlight: 4 })])).toEqual(new Set(['b']));
    expect(chosen([peer('a', { inFlight: 9 }), peer('b'), peer('c')])).toEqual(new Set(['b', 'c']));
  });

  it('is near, while somebody near is well', () => {
    const far = peer('far', { zone: 'south' });
    expect(chosen([far, peer('near', { zone: 'north', inFlight: 50 })], 'north')).toEqual(new Set(['near']));
    expect(chosen([far, peer('near', { zone: 'north', rank: 1 })], 'north')).toEqual(new Set(['far']));
    expect(chosen([far, peer('near', { zone: 'north' })], '')).toEqual(new Set(['far', 'near']));
  });

  it('is nobody in doubt while another is not, and nobody behind an open breaker at all', () => {
    const [well, doubtful, broken] = [peer('well'), peer('doubtful', { rank: 1 }), peer('broken', { rank: 2 })];
    expect(chosen([well, doubtful, broken])).toEqual(new Set(['well']));
    expect(chosen([doubtful, broken])).toEqual(new Set(['doubtful']));
    expect(chosen([broken])).toEqual(new Set([undefined]));
    expect(chosen([well, doubtful, broken], '', { tried: [well] })).toEqual(new Set(['doubtful']));
  });

  it('is the one that is preferred or belongs to the key, and another where that one is in doubt', () => {
    const all = [peer('a'), peer('b'), peer('c')];
    expect(chosen(all, '', { prefer: 'b' })).toEqual(new Set(['b']));
    expect(chosen([peer('a'), peer('b', { rank: 1 })], '', { prefer: 'b' })).toEqual(new Set(['a']));
    const byKey = routeOf(all, 'some conversation');
    expect(chosen(all, 'north', { key: 'some conversation' })).toEqual(new Set([byKey]));
    const without = all.map((one) => (one.at.instance === byKey ? peer(byKey, { rank: 1 }) : one));
    expect(chosen(without, '', { key: 'some conversation' })).not.toContain(byKey);
    expect(routeOf([peer('a')], 'some conversation')).toBeUndefined();
  });

  it('is the named instance and never another in its place', () => {
    expect(chosen([peer('a'), peer('b')], '', { instance: 'b' })).toEqual(new Set(['b']));
    expect(chosen([peer('a'), peer('b', { rank: 2 })], '', { instance: 'b' })).toEqual(new Set([undefined]));
    expect(chosen([peer('a'), peer('b')], '', { instance: 'z' })).toEqual(new Set([undefined]));
    expect(chosen([peer('')], '', { instance: 'z' })).toEqual(new Set(['']));
  });
});

describe('the budget of repeats', () => {
  it('lets a few be made again at first, and a fifth of what goes by later', () => {
    const budget = new RetryBudget();
    let first = 0;
    while (budget.spend()) first += 1;
    expect(first).toBe(20);
    for (let at = 0; at < 101; at += 1) budget.earn();
    let later = 0;
    while (budget.spend()) later += 1;
    expect(later).toBe(20);
  });
});
