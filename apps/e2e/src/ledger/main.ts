import { parseArgs } from 'node:util';
import { ParleyServer } from '@parley/testing';
import { runLedger } from './run-ledger.js';

/** npm run ledger -- [--kills 20] [--seed N] [--users 6] [--devices 2] [--rate 100] */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    users: { type: 'string', default: '6' },
    devices: { type: 'string', default: '2' },
    rate: { type: 'string', default: '100' },
  },
});

console.log(`seed ${values.seed} (repeat with --seed ${values.seed})`);
const server = await ParleyServer.start({ name: 'ledger', env: { PARLEY_ACCESS_TOKEN_SECONDS: '3600' } });
const report = await runLedger(server, {
  seed: Number(values.seed),
  kills: Number(values.kills),
  users: Number(values.users),
  devicesEach: Number(values.devices),
  sendsPerSecond: Number(values.rate),
  say: console.log,
}).catch((error: Error) => {
  console.error(`${error.stack}\n${server.log().slice(-3000)}`);
  return undefined;
});
await server.stop();
if (report) {
  const { violations, refusals, ...counts } = report;
  for (const [name, count] of Object.entries(counts)) console.log(`${name.padEnd(16)} ${count}`);
  console.log(`${'refusals'.padEnd(16)} ${JSON.stringify(refusals)}`);
  console.log(`${'violations'.padEnd(16)} ${violations.length}`);
  for (const violation of violations.slice(0, 50)) console.log(`  ${violation}`);
}
if (report?.violations.length === 0) server.remove();
else {
  console.log(`kept: ${server.directory}`);
  process.exitCode = 1;
}
