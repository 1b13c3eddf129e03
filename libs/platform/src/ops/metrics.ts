import { Counter, Gauge, Histogram, register } from 'prom-client';

/**
 * A gauge that is read when Prometheus asks, so that keeping it costs nothing. A module that is made again (tests) takes the place
 * of the one before.
 */
export function gauge(name: string, help: string, read: () => number): void {
  register.removeSingleMetric(name);
  new Gauge({
    name,
    help,
    collect() {
      this.set(read());
    },
  });
}

/**
 * The same for a family of values that are had asynchronously, e.g. lag by group. When they cannot be had, the family is empty for
 * that time: the page with all the others is wanted most when something is down.
 */
export function gauges<L extends string>(
  name: string,
  help: string,
  labelNames: L[],
  read: () => Promise<{ labels: Record<L, string>; value: number }[]>,
): void {
  register.removeSingleMetric(name);
  new Gauge({
    name,
    help,
    labelNames,
    async collect() {
      this.reset();
      for (const { labels, value } of await read().catch(() => [])) this.set(labels, value);
    },
  });
}

export function counter(name: string, help: string): Counter {
  register.removeSingleMetric(name);
  return new Counter({ name, help });
}

/** By labels whose values are few. Bind the labels once where it counts often. */
export function counterBy<L extends string>(name: string, help: string, labelNames: L[]): Counter<L> {
  register.removeSingleMetric(name);
  return new Counter({ name, help, labelNames });
}

export function histogram(name: string, help: string, buckets: number[]): Histogram {
  register.removeSingleMetric(name);
  return new Histogram({ name, help, buckets });
}
