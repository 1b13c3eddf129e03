import type { Toxic, ToxicWay } from '@parley/testing';
import { HEALED_MS } from './process-scenarios.js';
import type { Scenario } from './scenario.js';
import type { Ways } from './stage.js';

const LASTS_MS = 10_000;
const BROKER_HEALED_MS = 60_000;

/** There and back. */
const LATENCY: Toxic = { type: 'latency', attributes: { latency: 100, jitter: 25 } };
/** Every connection is reset after a moment, also the next one. */
const RESETS: Toxic = { type: 'reset_peer', attributes: { timeout: 700 } };
/** Nothing passes, and nothing is lost: it comes when the fault is over. */
const STALL: Toxic = { type: 'latency', attributes: { latency: 60_000 } };
/** What passes is gone, and nobody is told. */
const HOLE: Toxic = { type: 'timeout', attributes: { timeout: 0 } };
const TOXICS = { 'latency 200 ms': LATENCY, resets: RESETS, 'stall 10 s': STALL, 'black hole 10 s': HOLE };

type Choice = (ways: Ways) => ToxicWay[];
const toAll =
  (service: string): Choice =>
  ({ to }) =>
    [...to].flatMap(([name, way]) => (name.startsWith(`${service}-`) ? [way] : []));

const WAYS: Record<string, Choice> = {
  mysql: ({ mysql }) => [mysql],
  redis: ({ redis }) => [redis],
  kafka: ({ kafka }) => [kafka],
  'gRPC to message': toAll('message'),
  'gRPC to gateways': toAll('api-gateway'),
};

function bad(what: string, toxics: Toxic[], where: string, choose: Choice, more: Partial<Scenario> = {}): Scenario {
  return {
    name: `${where}: ${what}`,
    proxied: true,
    begin: async ({ stage }) => {
      for (const way of choose(stage.ways as Ways)) for (const toxic of toxics) await way.poison(toxic);
    },
    lastsMs: LASTS_MS,
    end: async ({ stage }) => {
      for (const way of choose(stage.ways as Ways)) await way.heal();
    },
    healsWithinMs: where === 'kafka' ? BROKER_HEALED_MS : HEALED_MS,
    ...more,
  };
}

export const wayScenarios: Scenario[] = [
  ...Object.entries(WAYS).flatMap(([where, choose]) =>
    Object.entries(TOXICS).map(([what, toxic]) => bad(what, [toxic], where, choose)),
  ),
  bad(
    '64 kbit/s, 200 ms',
    [LATENCY, { type: 'bandwidth', attributes: { rate: 8 } }],
    'clients',
    ({ clients }) => clients,
    {
      sendsPerSecond: 10,
    },
  ),
  bad('resets', [RESETS], 'clients', ({ clients }) => clients),
];
