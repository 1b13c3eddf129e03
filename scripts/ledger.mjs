import { prepare } from './lib/prepare.mjs';
import { run } from './lib/run.mjs';
import { main } from './lib/step.mjs';

const ENTRY = 'apps/e2e/dist/ledger/main.js';

await main(async () => {
  await prepare(ENTRY);
  return run(ENTRY, process.argv.slice(2));
});
