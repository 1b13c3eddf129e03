import { main } from './lib/step.mjs';
import { runStack } from './stack/run.mjs';

/** npm run stack -- up|down|status|reset [engine …]: the engines of the distributed profile, see docs/operations.md. */
await main(() => runStack(process.argv.slice(2), process.env));
