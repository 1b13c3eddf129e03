import { mkdirSync } from 'node:fs';
import { StepFailed } from '../lib/step.mjs';
import { isCached, markCached } from './get/cache.mjs';
import { find, installPackages, missingPackages } from './get/system.mjs';

const needsGet = (engine, layout) => engine.cached !== undefined && !isCached(layout, engine.cached);

/** What has to be on the machine to start this engine: the programs it runs on, and where it is not cached those that make it. */
const programsFor = (engine, layout) => [...engine.system, ...(needsGet(engine, layout) ? engine.tools : [])];

/** Whether it can be started at once, without fetching, building or installing. */
export const isProvisioned = (engine, layout) =>
  !needsGet(engine, layout) && engine.system.every(({ command }) => find(command) !== undefined);

/** Work that shares a tool is done one after the other. */
class Lanes {
  lanes = new Map();

  run(name, work) {
    const done = (this.lanes.get(name) ?? Promise.resolve()).then(work);
    this.lanes.set(
      name,
      done.catch(() => {}),
    );
    return done;
  }
}

/**
 * Gets what these engines need, in the background: one apt for all packages, then fetches and builds beside each other.
 * Returns for each engine a promise of its being there.
 * @returns {Map<string, Promise<void>>}
 */
export function provision(engines, context, board) {
  const { layout } = context;
  mkdirSync(layout.bin(), { recursive: true });
  const packages = missingPackages(engines.flatMap((engine) => programsFor(engine, layout)));
  const system =
    packages.length === 0
      ? Promise.resolve()
      : board.run(`install ${packages.join(', ')}`, (say) => installPackages(packages, say));
  const lanes = new Lanes();
  return new Map(
    engines.map((engine) => {
      const done = system.then(async () => {
        const missing = programsFor(engine, layout).filter(({ command }) => find(command) === undefined);
        if (missing.length > 0)
          throw new StepFailed(
            `${engine.title} needs ${missing.map(({ command }) => command).join(', ')}, which is not here.`,
          );
        if (!needsGet(engine, layout)) return;
        await lanes.run(engine.tools[0].command, () =>
          board.run(`get ${engine.title} ${engine.version}`, async (say) => {
            await engine.get({ ...context, say });
            markCached(layout, engine.cached);
          }),
        );
      });
      // Whoever waits for it gets the error; that nobody waits yet is none.
      done.catch(() => {});
      return [engine.name, done];
    }),
  );
}
