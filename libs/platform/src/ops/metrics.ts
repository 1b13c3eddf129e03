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

/** The same for a family of values that are had asynchronously, e.g. lag by group. */
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
      for (const { labels, value } of await read()) this.set(labels, value);
    },
  });
}

export function counter(name: string, help: string): Counter {
  register.removeSingleMetric(name);
  return new Counter({ name, help });
}

export function histogram(name: string, help: string, buckets: number[]): Histogram {
  register.removeSingleMetric(name);
  return new Histogram({ name, help, buckets });
}
