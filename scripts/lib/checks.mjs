import { join } from 'node:path';
import { compile } from './build.mjs';
import { exec, tool } from './exec.mjs';
import { checkProto } from './generate.mjs';
import { MODULES } from './root.mjs';
import { StepFailed } from './step.mjs';
import { buildWeb } from './web.mjs';

async function format() {
  const { code, output } = await exec(join(MODULES, '.bin', 'biome'), ['format', '--max-diagnostics=10', '.']);
  if (code !== 0) throw new StepFailed('Some files are not formatted: run `npm run format`.', output);
}

async function lint() {
  const { code, output } = await tool('eslint/bin/eslint.js', ['.']);
  if (code !== 0) throw new StepFailed('The linter refuses some files (see above).', output);
  // Warnings pass, but unseen they would only ever grow.
  if (output.trim()) process.stderr.write(`${output.trimEnd()}\n`);
}

/** Component tests lie beside src, outside of what the build compiles. */
async function types() {
  await compile();
  const { code, output } = await tool('ts7/bin/tsc', ['-p', 'tsconfig.test.json', '--pretty', 'false']);
  if (code !== 0) throw new StepFailed('The component tests do not compile (see above).', output);
}

/** The compiler does not read components. */
async function web() {
  const { code, output } = await tool('vue-tsc/bin/vue-tsc.js', ['--noEmit', '-p', 'apps/web/tsconfig.json']);
  if (code !== 0) throw new StepFailed('The components of the web client do not compile (see above).', output);
  await buildWeb();
}

/** Cheap first: the sooner a run fails, the better. */
export const CHECKS = { format, lint, types, web, proto: checkProto };
