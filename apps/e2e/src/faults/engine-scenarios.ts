import { eventually, type OwnEngineName } from '@parley/testing';
import { HEALED_MS } from './process-scenarios.js';
import type { Scenario } from './scenario.js';
import type { Scene } from './stage.js';

const BROKER_HEALED_MS = 60_000;

function down(name: OwnEngineName, lastsMs: number, healsWithinMs: number, more: Partial<Scenario> = {}): Scenario {
  return {
    name: lastsMs > 0 ? `${name} down ${lastsMs / 1000} s` : `${name} restarts`,
    begin: ({ stage }) => stage.engines.of(name).kill(),
    lastsMs,
    end: ({ stage }) => stage.engines.of(name).start(),
    healsWithinMs,
    ...more,
  };
}

/** Nothing that is sent needs it. */
const unaffected: Partial<Scenario> = { healsByItselfMs: 5000 };

export const redisEmptied: Scenario = {
  name: 'redis FLUSHALL',
  begin: async ({ stage }) => stage.emptyRedis(),
  healsWithinMs: HEALED_MS,
  after: presenceIsRight,
};

/** Everybody of the cast has a live device, and every edge has to say so. */
async function presenceIsRight({ cast }: Scene): Promise<string[]> {
  const [reader, ...others] = cast.persons;
  const ids = others.map(({ id }) => id).join(',');
  try {
    await eventually(
      'presence knows everybody',
      async () => {
        const { items } = (await reader?.api.get(`/presence?userIds=${ids}`)) as { items: { online: boolean }[] };
        return items.length === others.length && items.every(({ online }) => online);
      },
      { deadlineMs: 30_000, everyMs: 100 },
    );
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

export const mysqlRestarts = down('mysql', 0, HEALED_MS);
export const kafkaRestarts = down('kafka', 0, BROKER_HEALED_MS);

export const engineScenarios: Scenario[] = [
  mysqlRestarts,
  down('mysql', 10_000, HEALED_MS),
  down('redis', 0, HEALED_MS, { after: presenceIsRight }),
  down('redis', 30_000, HEALED_MS, { ...unaffected, after: presenceIsRight }),
  redisEmptied,
  kafkaRestarts,
  down('kafka', 30_000, BROKER_HEALED_MS),
  down('s3', 10_000, HEALED_MS, unaffected),
  down('consul', 60_000, HEALED_MS, unaffected),
];

/** Minutes. Only when asked for by name. */
export const longScenarios: Scenario[] = [
  down('consul', 300_000, HEALED_MS, unaffected),
  down('kafka', 60_000, BROKER_HEALED_MS),
];
