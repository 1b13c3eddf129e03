import { join, resolve } from 'node:path';
import { ROOT } from '../lib/root.mjs';
import { StepFailed } from '../lib/step.mjs';

/** First port of each engine; one that needs more takes those after it. None is the engine's usual port: that may be somebody's. */
export const DEFAULT_PORTS = {
  mysql: 23_306,
  redis: 26_379,
  kafka: 29_092,
  s3: 29_000,
  edge: 29_080,
  consul: 28_500,
  toxiproxy: 28_474,
  turn: 23_478,
};

/** How many ports from its first one an engine takes; what for is said in its file under engines/. */
export const PORTS_TAKEN = { mysql: 1, redis: 1, kafka: 2, s3: 2, edge: 1, consul: 3, toxiproxy: 1, turn: 101 };

export const portSetting = (name) => `PARLEY_STACK_${name.toUpperCase()}_PORT`;

function number(name, value, { min, max }) {
  if (!/^-?\d+$/.test(value) || Number(value) < min || Number(value) > max)
    throw new StepFailed(`${name}: must be a whole number from ${min} to ${max}, not "${value}".`);
  return Number(value);
}

/** Where each engine listens: its own setting, or its default moved by PARLEY_STACK_PORT_SHIFT, for a second stack beside the first. */
export function portsOf(env) {
  const shift = number('PARLEY_STACK_PORT_SHIFT', env.PARLEY_STACK_PORT_SHIFT || '0', { min: -20_000, max: 30_000 });
  const ports = Object.fromEntries(
    Object.entries(DEFAULT_PORTS).map(([name, port]) => {
      const own = env[portSetting(name)];
      return [name, own ? number(portSetting(name), own, { min: 1, max: 65_535 }) : port + shift];
    }),
  );
  refuseOverlaps(ports);
  return ports;
}

function refuseOverlaps(ports) {
  const taken = Object.entries(ports)
    .map(([name, from]) => ({ name, from, to: from + PORTS_TAKEN[name] - 1 }))
    .sort((a, b) => a.from - b.from);
  for (const [i, { name, from }] of taken.entries()) {
    const before = taken[i - 1];
    if (before === undefined || from > before.to) continue;
    throw new StepFailed(
      `${portSetting(name)} (${from}) lies within the ports of ${before.name}, ${before.from} to ${before.to}: choose another.`,
    );
  }
}

/** All that the stack keeps lies below one folder: PARLEY_STACK_DIR, or `.stack` beside the sources. */
export function layoutOf(env) {
  const dir = resolve(ROOT, env.PARLEY_STACK_DIR || '.stack');
  return {
    dir,
    ports: portsOf(env),
    bin: (...parts) => join(dir, 'bin', ...parts),
    data: (name) => join(dir, 'data', name),
    log: (name) => join(dir, 'logs', `${name}.log`),
    pid: (name) => join(dir, 'pids', `${name}.json`),
    engines: join(dir, 'engines.json'),
    secrets: join(dir, 'secrets.json'),
    lock: join(dir, 'stack.lock'),
  };
}
