import { type ProcessName, SERVICES, type Service } from '@parley/testing';
import { type Scenario } from './scenario.js';
import type { Scene } from './stage.js';

/** After the end of a fault (G10). */
export const HEALED_MS = 10_000;
/** A socket notices by its pings that its gateway is silent; with an ack that does not come, after three seconds. */
const FAILED_OVER_MS = 15_000;

const namesOf = ({ stage }: Scene, service: Service): ProcessName[] =>
  stage.cluster.names.filter((name) => name.startsWith(`${service}-`));

const each = (scene: Scene, names: ProcessName[], work: (name: ProcessName) => Promise<void> | void) =>
  Promise.all(names.map((name) => work(name)));

/** One of two, or the only one. Text goes on without any of them. */
function kill(service: Service): Scenario {
  const name = `${service}-1` as const;
  return {
    name: `kill ${service}`,
    begin: ({ stage }) => stage.cluster.process(name).kill(),
    healsByItselfMs: FAILED_OVER_MS,
    end: ({ stage }) => stage.cluster.process(name).start(),
    healsWithinMs: HEALED_MS,
  };
}

/** Every one of a service at once: what needs it waits. */
function killAll(service: Service): Scenario {
  return {
    name: `kill all ${service}`,
    begin: async (scene) => {
      await each(scene, namesOf(scene, service), (name) => scene.stage.cluster.process(name).kill());
    },
    lastsMs: 5000,
    end: async (scene) => {
      await each(scene, namesOf(scene, service), (name) => scene.stage.cluster.process(name).start());
    },
    healsWithinMs: FAILED_OVER_MS,
  };
}

/** Holds its connections and says nothing; the woken one repeats and overwrites nothing. */
export function freeze(service: Service, lastsMs: number): Scenario {
  const name = `${service}-1` as const;
  return {
    name: `freeze ${service}`,
    begin: async ({ stage }) => stage.cluster.process(name).freeze(),
    healsByItselfMs: FAILED_OVER_MS,
    lastsMs,
    end: async ({ stage }) => stage.cluster.process(name).thaw(),
    healsWithinMs: HEALED_MS,
  };
}

/** One process after the other, each ready before the next: what an upgrade does. */
function rolling(rounds: number): Scenario {
  return {
    name: `rolling restart${rounds > 1 ? ` × ${rounds}` : ''}`,
    begin: async ({ stage, isShort }) => {
      for (let round = 0; round < rounds; round++)
        if (isShort) await inWaves(stage);
        else
          for (const name of stage.cluster.names) {
            await stage.cluster.process(name).stop();
            await stage.cluster.process(name).start();
          }
    },
    healsWithinMs: FAILED_OVER_MS,
  };
}

/** The first of each service, then the second: quicker. */
async function inWaves({ cluster }: Scene['stage']): Promise<void> {
  for (const number of ['1', '2'])
    await Promise.all(
      cluster.names
        .filter((name) => name.endsWith(`-${number}`))
        .map(async (name) => {
          await cluster.process(name).stop();
          await cluster.process(name).start();
        }),
    );
}

const FROZEN_MS = 20_000;
const FREEZABLE: Service[] = ['message', 'delivery', 'api-gateway', 'presence', 'identity', 'conversation'];

export const processScenarios: Scenario[] = [
  ...SERVICES.map(kill),
  ...SERVICES.filter((service) => service !== 'api-gateway').map(killAll),
  ...FREEZABLE.map((service) => freeze(service, FROZEN_MS)),
  rolling(2),
];

export const shortRolling = rolling(1);
export const shortKill = kill;
