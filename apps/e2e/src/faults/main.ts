import { parseArgs } from 'node:util';
import { OwnEngines } from '@parley/testing';
import { heading, lineOf, runFaults } from './run-faults.js';
import { scenariosOf } from './scenarios.js';

/** npm run faults -- [word of a scenario's name …] [--short] [--list] [--seed N] */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    short: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});

const scenarios = scenariosOf(positionals, values.short);
const missing = await OwnEngines.missing();
if (values.list) for (const { name } of scenarios) console.log(name);
else if (scenarios.length === 0) fail(`no scenario is called like that: --list shows them`);
else if (missing.length > 0) fail(`not set up on this machine: ${missing.join(', ')}. npm run stack -- up`);
else await run();

function fail(why: string): void {
  console.error(why);
  process.exitCode = 1;
}

async function run(): Promise<void> {
  // What was started ends with us, also half way.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  console.log(`seed ${values.seed} (repeat with --seed ${values.seed})\n${heading()}`);
  const outcomes = await runFaults(scenarios, { seed: Number(values.seed), isShort: values.short, say: console.log });
  console.log(`\n${heading()}`);
  for (const outcome of outcomes) console.log(lineOf(outcome));
  const violations = outcomes.reduce((sum, outcome) => sum + outcome.violations.length, 0);
  console.log(`\n${outcomes.length} scenarios, ${violations} violations`);
  process.exitCode = violations === 0 ? 0 : 1;
}
