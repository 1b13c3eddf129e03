import { prepare } from './lib/prepare.mjs';
import { run } from './lib/run.mjs';
import { main } from './lib/step.mjs';

const ENTRY = 'apps/e2e/dist/faults/main.js';

/** npm run faults -- [word …] [--short] [--list] [--seed N]: what goes wrong under traffic, and how long until all is well; see docs/operations.md. */
await main(async () => {
  await prepare(ENTRY);
  return run(ENTRY, process.argv.slice(2));
});
