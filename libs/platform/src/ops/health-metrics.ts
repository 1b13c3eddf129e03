import type { Health, Readiness } from './health.js';
import { gauges } from './metrics.js';

/** What `/readyz` says, as metrics. The dependencies are asked once for all of them when Prometheus asks. */
export function measureHealth(health: Health): void {
  let asking: Promise<Readiness> | undefined;
  const readiness = () =>
    (asking ??= health.readiness().finally(() => {
      asking = undefined;
    }));
  const one = (read: (now: Readiness) => boolean) => async () => [
    { labels: {}, value: read(await readiness()) ? 1 : 0 },
  ];
  gauges(
    'parley_ready',
    'Is this process ready for work',
    [],
    one(({ ready }) => ready),
  );
  gauges(
    'parley_draining',
    'Has this process been told to stop',
    [],
    one(({ draining }) => draining),
  );
  gauges('parley_dependency_up', 'Does what this process depends on answer', ['dependency'], async () =>
    Object.entries((await readiness()).dependencies).map(([dependency, { ok }]) => ({
      labels: { dependency },
      value: ok ? 1 : 0,
    })),
  );
}
