import { register } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { Health } from './health.js';
import { measureHealth } from './health-metrics.js';
import { gauge, gauges } from './metrics.js';

describe('the page of metrics', () => {
  it('stays whole when one family cannot be had: it is wanted most when something is down', async () => {
    let isUp = true;
    gauges('test_lag', 'Of a broker', ['topic'], async () => {
      if (!isUp) throw new Error('the broker is away');
      return [{ labels: { topic: 'a' }, value: 7 }];
    });
    gauge('test_depth', 'Of a queue', () => 3);
    expect(await register.metrics()).toContain('test_lag{topic="a"} 7');
    isUp = false;
    const page = await register.metrics();
    expect(page).not.toContain('test_lag{');
    expect(page).toContain('test_depth 3');
  });

  it('tells what /readyz tells, and asks each dependency once for it', async () => {
    const health = new Health();
    let asked = 0;
    health.add('mysql', async () => void (asked += 1));
    health.add('kafka', () => Promise.reject(new Error('refused')), false);
    measureHealth(health);
    const page = async () => (await register.metrics()).split('\n').filter((line) => /^parley_/.test(line));
    expect(await page()).toContain('parley_ready 0');
    health.serving();
    asked = 0;
    expect(await page()).toEqual([
      'parley_ready 1',
      'parley_draining 0',
      'parley_dependency_up{dependency="mysql"} 1',
      'parley_dependency_up{dependency="kafka"} 0',
    ]);
    expect(asked).toBe(1);
    health.draining();
    expect(await page()).toEqual(expect.arrayContaining(['parley_ready 0', 'parley_draining 1']));
  });
});
