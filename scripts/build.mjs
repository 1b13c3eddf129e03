import { compile } from './lib/build.mjs';
import { prepareTools } from './lib/prepare.mjs';
import { main, step } from './lib/step.mjs';

/** `npm run build -- --fresh` compiles everything again, whatever the compiler remembers. */
const fresh = process.argv.includes('--fresh');

await main(async () => {
  await prepareTools();
  await step('build', () => compile({ fresh }));
});
