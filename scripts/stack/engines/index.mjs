import { StepFailed } from '../../lib/step.mjs';
import { consul } from './consul.mjs';
import { edge } from './edge.mjs';
import { kafka } from './kafka.mjs';
import { s3 } from './minio.mjs';
import { mysql } from './mysql.mjs';
import { redis } from './redis.mjs';
import { toxiproxy } from './toxiproxy.mjs';
import { turn } from './turn.mjs';

/**
 * All engines. Of those that are built, the short builds come first.
 *
 * Each says: `system` programs it runs on and `tools` that fetch or build it, both with their Debian package; what is `cached` under
 * bin/ and how to `get` it; `prepare` before each start; the `command`; its part of engines.json (`describe`); and how to `ask`
 * whether it really works. `needs`: what must be up before.
 */
export const ENGINES = [mysql, redis, kafka, toxiproxy, s3, edge, consul, turn];

const byName = new Map(ENGINES.map((engine) => [engine.name, engine]));
const ALIASES = { mariadb: 'mysql', minio: 's3', coturn: 'turn', nginx: 'edge' };

/** The engines of these names, to start them with what they need; all of them for none. */
export function enginesOf(names, { withNeeds = true } = {}) {
  if (names.length === 0) return ENGINES;
  const wanted = new Set();
  for (const given of names) {
    const engine = byName.get(ALIASES[given] ?? given);
    if (engine === undefined)
      throw new StepFailed(`There is no engine called "${given}": it is one of ${[...byName.keys()].join(', ')}.`);
    for (const name of [...(withNeeds ? (engine.needs ?? []) : []), engine.name]) wanted.add(name);
  }
  return ENGINES.filter(({ name }) => wanted.has(name));
}
