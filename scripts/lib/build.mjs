import { existsSync } from 'node:fs';
import { tool } from './exec.mjs';
import { at } from './root.mjs';
import { fingerprint, Stamp } from './stamp.mjs';
import { StepFailed, step } from './step.mjs';

// TypeScript 7 by its path: `typescript` is version 6, which the linter and Nest still need.
const COMPILER = 'ts7/bin/tsc';
const SOURCES = ['apps', 'libs', 'tsconfig.json', 'tsconfig.base.json', 'package-lock.json'];

const stamp = new Stamp('.parley-build');

/** Compiles what changed, by the compiler's own record of each project. */
export async function compile({ fresh = false } = {}) {
  // Taken before: an edit made during the build has to cause another one.
  const sources = fingerprint(...SOURCES);
  stamp.remove();
  const result = await tool(COMPILER, [
    '-b',
    '--pretty',
    String(Boolean(process.stderr.isTTY)),
    ...(fresh ? ['--force'] : []),
  ]);
  if (result.code !== 0) throw new StepFailed('The sources do not compile (see above).', result.output);
  stamp.write(sources);
}

/** `entry` is the compiled file that is wanted: somebody may have deleted dist/ without touching a source. */
export const building = (entry) => ({
  isDone: () => existsSync(at(entry)) && stamp.read() === fingerprint(...SOURCES),
  run: () => step('build', compile),
});
