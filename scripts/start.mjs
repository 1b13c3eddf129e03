import { prepare } from './lib/prepare.mjs';
import { run } from './lib/run.mjs';
import { main } from './lib/step.mjs';

const ENTRY = 'apps/standalone/dist/main.js';

await main(async () => {
  await prepare(ENTRY, { web: true });
  return run(ENTRY, process.argv.slice(2), { server: true });
});
