import { run } from '../lib/run.mjs';

process.exitCode = await run('scripts/test/drains.mjs', [process.argv[2]], { server: true });
