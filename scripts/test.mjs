import { performance } from 'node:perf_hooks';
import { CHECKS } from './lib/checks.mjs';
import { prepare, prepareTools } from './lib/prepare.mjs';
import { main, StepFailed, seconds, step } from './lib/step.mjs';
import { PROJECTS, vitest } from './lib/vitest.mjs';
import { TestEngines } from './stack/for-tests.mjs';

/**
 * npm test                          everything, with coverage
 * npm test -- --only e2e            one part: format, lint, types, web, proto, unit, component, e2e, browser, distributed or faults (several with commas)
 * npm test -- send-message          the test files whose path holds this text; other options go to vitest
 *
 * Real engines that are up, or can be had at once, are used (for named files: those that are up). PARLEY_REQUIRE_ENGINES=on gets
 * them all, and fails where one is missing.
 */
function parse(args) {
  const at = args.indexOf('--only');
  const only = at < 0 ? [] : (args[at + 1] ?? '').split(',');
  const rest = at < 0 ? args : (args.toSpliced?.(at, 2) ?? [...args.slice(0, at), ...args.slice(at + 2)]);
  const parts = [...Object.keys(CHECKS), ...PROJECTS];
  for (const part of only) {
    if (!parts.includes(part))
      throw new StepFailed(`There is no part called "${part}": it is one of ${parts.join(', ')}.`);
  }
  return { only, rest };
}

const table = [];

async function timed(title, work, options) {
  const row = { title, result: 'failed', ms: 0 };
  table.push(row);
  const startedAt = performance.now();
  try {
    await step(title, work, options);
    row.result = 'ok';
  } finally {
    row.ms = performance.now() - startedAt;
  }
}

const projectsOf = (only) => only.filter((part) => PROJECTS.includes(part));

async function runTests({ only, rest }, engines) {
  const everything = only.length === 0 && rest.length === 0;
  const projects = projectsOf(only);
  if (engines === undefined) return undefined;
  let env;
  await timed(
    'real engines',
    async () => {
      env = await engines.ready();
    },
    { live: engines.required },
  );
  const args = [
    ...projects.flatMap((project) => ['--project', project]),
    ...(everything ? ['--coverage'] : []),
    ...rest,
  ];
  let result;
  await timed(
    'tests',
    async () => {
      result = await vitest(args, env);
      if (result.failed > 0) throw new Failed(result);
    },
    { live: true },
  );
  return result;
}

class Failed extends StepFailed {
  constructor(result) {
    super('Some tests failed, or vitest gave up (see above).');
    this.result = result;
  }
}

/** Undefined where no test is to run. */
function enginesFor({ only, rest }) {
  if (only.length > 0 && projectsOf(only).length === 0) return undefined;
  return new TestEngines({ env: process.env, mayStart: rest.length === 0 });
}

async function everyStep({ only, rest }, engines) {
  // Required ones may take minutes to build: beside the install and the checks. Others take seconds, and not before a check fails.
  if (engines?.required) engines.begin();
  const checks = only.length > 0 ? only.filter((part) => part in CHECKS) : rest.length > 0 ? [] : Object.keys(CHECKS);
  await prepareTools();
  for (const check of checks) await timed(check, CHECKS[check]);
  // End-to-end tests start the compiled program; the others read the sources.
  if ([...only, ...rest].some((word) => /e2e|browser|distributed|faults/.test(word)))
    await prepare('apps/standalone/dist/main.js', { web: true });
  return (await runTests({ only, rest }, engines)) ?? { passed: checks.length, failed: 0, skipped: 0 };
}

function summary(result) {
  const width = Math.max(0, ...table.map((row) => row.title.length));
  console.log('');
  for (const row of table)
    console.log(`  ${row.title.padEnd(width)}  ${row.result.padEnd(6)}  ${seconds(row.ms).padStart(8)}`);
  if (result.skipped > 0) console.log(`  ${result.skipped} skipped`);
  console.log(`\n${result.passed} passed, ${result.failed} failed`);
}

/** Ends the engines that the run started, after it was told which were real. */
async function withEngines(what, work) {
  const engines = enginesFor(what);
  try {
    return await work(engines);
  } finally {
    const report = await engines?.report();
    await engines?.end();
    if (report) console.log(`\nEngines:\n${report}`);
  }
}

await main(async () => {
  try {
    const what = parse(process.argv.slice(2));
    summary(await withEngines(what, (engines) => everyStep(what, engines)));
    return 0;
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    if (error.output) console.log(`\n${error.output.trimEnd()}`);
    const step = table.find((row) => row.result === 'failed');
    console.log(`\n${step ? `Stopped at "${step.title}". ` : ''}${error.message}`);
    summary(error.result ?? { passed: 0, failed: 1, skipped: 0 });
    return 1;
  }
});
