import { CHECKS } from './lib/checks.mjs';
import { prepareTools } from './lib/prepare.mjs';
import { main, StepFailed, step } from './lib/step.mjs';
import { vitest } from './lib/vitest.mjs';

/** What to run before each commit. `-- --since main` also takes in what the branch has committed. */
const since = process.argv.indexOf('--since');
const changed = since < 0 ? '--changed' : `--changed=${process.argv[since + 1]}`;

await main(async () => {
  await prepareTools();
  for (const check of ['format', 'lint', 'types']) await step(check, CHECKS[check]);
  await step(
    'unit tests of what changed',
    async () => {
      const { failed } = await vitest(['--project', 'unit', changed]);
      if (failed > 0) throw new StepFailed('Some unit tests failed (see above).');
    },
    { live: true },
  );
});
