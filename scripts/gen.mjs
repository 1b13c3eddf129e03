import { exec } from './lib/exec.mjs';
import { BASELINE, buf, generate } from './lib/generate.mjs';
import { prepare, prepareTools } from './lib/prepare.mjs';
import { at, PINNED_NODE } from './lib/root.mjs';
import { main, StepFailed, step } from './lib/step.mjs';

/** Writes docs/settings.md and docs/errors.md from the code that reads and throws them, and the index of decisions. */
const PAGES = 'apps/standalone/dist/reference/write.js';

/** `--baseline` makes today's proto files the ones that later changes must stay compatible with: at a release, never to silence a refusal. */
const baseline = process.argv.includes('--baseline');

async function writePages() {
  const { code, output } = await exec(PINNED_NODE, [at(PAGES)]);
  if (code !== 0) throw new StepFailed('The pages could not be written.', output);
  return output;
}

await main(async () => {
  await prepareTools();
  let changed = [];
  await step('generate code from proto/', async () => {
    changed = await generate();
  });
  for (const path of changed) console.log(`  ${path}`);
  await prepare(PAGES);
  await step('write the types of the SDK', async () => {
    // Rests on packages, which are there only now.
    const { writeClientTypes } = await import('./lib/client-types.mjs');
    await writeClientTypes();
  });
  let written = '';
  await step('write the pages of docs/ that are made from code', async () => {
    written = await writePages();
  });
  if (written) console.log(written.trimEnd());
  if (baseline) await step(`renew ${BASELINE}`, () => buf('build', '--output', BASELINE));
});
