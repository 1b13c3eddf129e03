import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { SERVICES } from '../../cluster/plan.mjs';

const read = (name) => readFileSync(`deploy/prometheus/${name}`, 'utf8');
const rules = parse(read('alerts.yml')).groups.flatMap(({ rules }) => rules);
const manual = readFileSync('docs/operations.md', 'utf8');

/** Our metrics, as the code makes them: name by literal. */
const SOURCES = globSync('{libs,apps}/**/src/**/*.ts', {
  exclude: ['**/node_modules/**', '**/*.spec.ts', '**/gen/**'],
});
const MADE = /(?:gauges?|counter(?:By)?|histogram)\(\s*'(parley_\w+)'|\bname: '(parley_\w+)'/g;
const ours = new Set(
  SOURCES.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(MADE)].map(([, made, named]) => made ?? named)),
);

function everyMetric() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return new Set([...ours, ...registry.getMetricsAsArray().map(({ name }) => name), 'up']);
}

const namesIn = (expr) => expr.match(/\b(?:up|(?:parley|process|nodejs)_\w+)\b(?!")/g) ?? [];

describe('the alerts', () => {
  it('find the metrics of the code', () => {
    expect(ours.size).toBeGreaterThan(20);
    expect([...ours]).toEqual(expect.arrayContaining(['parley_ready', 'parley_calls_total', 'parley_event_log_lag']));
  });

  it.each(rules.map((rule) => [rule.alert, rule]))(
    '%s asks for metrics that exist and says what to do',
    (name, rule) => {
      const known = everyMetric();
      const asked = namesIn(rule.expr).filter((one) => one !== 'up' || rule.expr.startsWith('up'));
      expect(asked.length).toBeGreaterThan(0);
      for (const metric of asked) expect(known, metric).toContain(metric.replace(/_(bucket|sum|count)$/, ''));
      expect(rule.labels.severity).toMatch(/^(critical|warning)$/);
      expect(rule.annotations.summary).not.toBe('');
      expect(rule.annotations.action).not.toBe('');
      expect(rule.annotations.runbook).toBe(`docs/operations.md#${name.toLowerCase()}`);
      expect(manual).toContain(`<a id="${name.toLowerCase()}"></a>\`${name}\``);
    },
  );

  it('are missed when a service is gone, whichever it is', () => {
    const { expr } = rules.find(({ alert }) => alert === 'ParleyServiceGone');
    expect([...expr.matchAll(/service="([\w-]+)"/g)].map(([, service]) => service).sort()).toEqual(
      [...SERVICES].sort(),
    );
  });

  it('and the manual name every metric that we have', () => {
    for (const name of ours) expect(manual, name).toContain(`\`${name}`);
  });
});

describe('what Prometheus scrapes', () => {
  const [scrape] = parse(read('prometheus.yml')).scrape_configs;

  it('is every service, by the name that it registers under', () => {
    const wanted = SERVICES.map((service) => `parley-${service}`).sort();
    expect([...scrape.consul_sd_configs[0].services].sort()).toEqual(wanted);
    const targets = parse(read('one-machine.yml')).scrape_configs[0].static_configs;
    expect(targets.map(({ labels }) => labels.service).sort()).toEqual([...SERVICES].sort());
  });

  it('is the metrics port of each process at the address where its calls are', () => {
    const { regex, replacement } = scrape.relabel_configs.find(({ target_label }) => target_label === '__address__');
    const at = (...labels) => labels.join(';').replace(new RegExp(`^(?:${regex})$`), replacement);
    expect(at('10.0.0.7', 'http://0.0.0.0:9093')).toBe('10.0.0.7:9093');
    expect(at('message-2', 'http://message-2:9093/')).toBe('message-2:9093');
  });
});

const promtool = (...args) => spawnSync('promtool', args, { encoding: 'utf8' });

describe.skipIf(promtool('--version').error !== undefined)('promtool', () => {
  it.each([
    ['check', 'rules', 'deploy/prometheus/alerts.yml'],
    ['test', 'rules', 'deploy/prometheus/alerts.test.yml'],
    ['check', 'config', 'deploy/prometheus/one-machine.yml'],
  ])('%s %s %s', (...args) => {
    const { status, stdout, stderr } = promtool(...args);
    expect(status, `${stdout}${stderr}`).toBe(0);
  });
});
