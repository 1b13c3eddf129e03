import { describe, expect, it } from 'vitest';
import { Histogram } from './histogram.js';

describe('Histogram', () => {
  it('finds percentiles of an even spread to within two percent', () => {
    const histogram = new Histogram();
    for (let micros = 1; micros <= 100_000; micros++) histogram.record(micros / 1000);
    const { p50Ms, p99Ms, p999Ms, maxMs, count } = histogram.percentiles();
    expect(count).toBe(100_000);
    expect(Math.abs(p50Ms / 50 - 1)).toBeLessThan(0.02);
    expect(Math.abs(p99Ms / 99 - 1)).toBeLessThan(0.02);
    expect(Math.abs(p999Ms / 99.9 - 1)).toBeLessThan(0.02);
    expect(maxMs).toBe(100);
  });

  it('keeps the order of values on both sides of every bucket edge', () => {
    for (let exponent = 0; exponent < 24; exponent++) {
      const edge = 2 ** exponent;
      const below = new Histogram();
      below.record((edge - 1) / 1000);
      const above = new Histogram();
      above.record((edge + 1) / 1000);
      expect(below.percentiles().p50Ms).toBeLessThanOrEqual(above.percentiles().p50Ms);
    }
  });

  it('answers zero when nothing was recorded', () => {
    expect(new Histogram().percentiles()).toEqual({ count: 0, p50Ms: 0, p99Ms: 0, p999Ms: 0, maxMs: 0 });
  });
});
