import { OwnEngines } from '@parley/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lineOf } from './run-faults.js';
import { runScenario } from './run-scenario.js';
import { shortScenarios } from './scenarios.js';
import { Stage } from './stage.js';

const missing = await OwnEngines.missing();

// The short form of `npm run faults`: one cluster on engines of its own for all of it.
if (missing.length > 0) it.skip(`faults under traffic: not set up on this machine: ${missing.join(', ')}`);
else
  describe('faults under traffic', () => {
    const seed = Date.now() % 1_000_000;
    const said: string[] = [];
    let stage: Stage;

    beforeAll(async () => {
      stage = await Stage.set(false);
    }, 120_000);

    afterAll(async () => {
      await stage?.strike();
    }, 60_000);

    it.each(shortScenarios)(
      '$name: nothing is lost, repeated, reordered or seen by who may not',
      async (scenario) => {
        const outcome = await runScenario(stage, scenario, { seed, isShort: true, say: (line) => said.push(line) });
        console.info(lineOf(outcome));
        expect(outcome.violations, `seed ${seed}\n${said.splice(0).join('\n')}`).toEqual([]);
        expect(outcome.acked).toBe(outcome.sends);
      },
      150_000,
    );
  });
