import { BASELINE, buf, generate } from './lib/generate.mjs';
import { prepareTools } from './lib/prepare.mjs';
import { main, step } from './lib/step.mjs';

/** `--baseline` makes today's proto files the ones that later changes must stay compatible with: at a release, never to silence a refusal. */
const baseline = process.argv.includes('--baseline');

await main(async () => {
  await prepareTools();
  let changed = [];
  await step('generate code from proto/', async () => {
    changed = await generate();
  });
  for (const path of changed) console.log(`  ${path}`);
  if (baseline) await step(`renew ${BASELINE}`, () => buf('build', '--output', BASELINE));
});
