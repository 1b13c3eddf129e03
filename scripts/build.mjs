import { compile } from './lib/build.mjs';
import { prepareTools } from './lib/prepare.mjs';
import { main, step } from './lib/step.mjs';
import { buildWeb } from './lib/web.mjs';

/** `npm run build -- --fresh` compiles everything again, whatever the compiler remembers. */
const fresh = process.argv.includes('--fresh');

await main(async () => {
  await prepareTools();
  await step('build', () => compile({ fresh }));
  await step('build the web client', buildWeb);
});
