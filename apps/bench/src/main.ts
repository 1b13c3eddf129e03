import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, resolve } from 'node:path';
import { Bench, type Setup } from './bench.js';
import { broadcastFloor } from './floors/broadcast.js';
import { commitFloor } from './floors/commit.js';
import type { Floor } from './floors/floor.js';
import { pairsFloor } from './floors/pairs.js';
import { socketIoFloor } from './floors/socketio.js';
import { type BenchOptions, parseOptions, USAGE, WrongOption } from './options.js';
import { faultTable, floorTable, profileTables, runTable } from './report.js';
import { w1 } from './workloads/w1.js';
import { FIXED_RATES, w2 } from './workloads/w2.js';
import { w11 } from './workloads/w11.js';
import { w13 } from './workloads/w13.js';

const say = (line: string) => process.stderr.write(`${line}\n`);

async function run(options: BenchOptions): Promise<void> {
  const results: Record<string, unknown> = {};
  const onOne = options.workloads.filter((workload) => workload !== 'w13');
  const about = onOne.length > 0 ? await runOnOne(onOne, options, results) : undefined;
  if (options.workloads.includes('w13')) {
    say('\nw13');
    const result = await w13(options, say);
    results['w13'] = result;
    console.log(`\nw13: ${result.ratio.toFixed(2)} times the cost\n${runTable([result.one, result.two])}`);
  }
  if (options.json)
    writeJson(options.json, { at: new Date().toISOString(), machine: machine(), options, ...about, results });
}

/** Workloads that share one deployment. */
async function runOnOne(
  workloads: readonly string[],
  options: BenchOptions,
  results: Record<string, unknown>,
): Promise<{ setup: Setup; floors: Floor[] }> {
  const floors: Floor[] = [];
  const measureFloors = async (folder: string) => {
    if (!options.floors) return;
    say('measuring the floors');
    floors.push(await socketIoFloor(), await broadcastFloor(), await commitFloor(folder));
    for (const rate of FIXED_RATES) floors.push(await pairsFloor(options.users, rate));
  };
  const bench = await Bench.open(options, say);
  let profile: Awaited<ReturnType<Bench['close']>>;
  try {
    // The machine's speed drifts: the floors are measured before, between and after, beside a server that idles.
    await measureFloors(bench.deployment.directory);
    for (const workload of workloads) {
      say(`\n${workload}`);
      results[workload] = await MEASURES[workload]?.(bench, options);
      await measureFloors(bench.deployment.directory);
    }
  } finally {
    profile = await bench.close();
  }
  const { setup } = bench;
  console.log(
    `\n${setup.users} sockets, connected at ${setup.connectsPerSecond.toFixed(0)}/s; server RSS ` +
      `${setup.rssAfterStartMiB.toFixed(0)} MiB after start, ${setup.rssConnectedMiB.toFixed(0)} MiB connected and idle`,
  );
  if (floors.length > 0) console.log(`\n${floorTable(floors)}`);
  if (profile) console.log(`\n${profileTables(profile)}`);
  return { setup, floors };
}

const MEASURES: Record<string, (bench: Bench, options: BenchOptions) => Promise<unknown>> = {
  async w1(bench, options) {
    const result = await w1(bench, options, say);
    console.log(result.held ? `\nw1, held\n${runTable([result.held])}` : '\nw1: no rate held');
    return result;
  },
  async w2(bench, options) {
    const runs = await w2(bench, options, say);
    console.log(`\nw2\n${runTable(runs)}`);
    return runs;
  },
  async w11(bench, options) {
    const faults = await w11(bench, options, say);
    console.log(`\nw11\n${faultTable(faults)}`);
    return faults;
  },
};

const machine = () => ({ cores: cpus().length, model: cpus()[0]?.model, node: process.version });

function writeJson(path: string, content: unknown): void {
  mkdirSync(dirname(resolve(path)), { recursive: true });
  writeFileSync(path, `${JSON.stringify(content, undefined, 2)}\n`);
}

try {
  const options = parseOptions(process.argv.slice(2));
  const unknown = options.workloads.filter((workload) => !(workload in MEASURES) && workload !== 'w13');
  if (unknown.length > 0) throw new WrongOption(`there is no workload ${unknown.join(', ')}`);
  if (options.workloads.length === 0) console.log(USAGE);
  else await run(options);
} catch (error) {
  const wrongOption = error instanceof WrongOption || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
  say(wrongOption ? `${(error as Error).message}\n\n${USAGE}` : String((error as Error).stack));
  process.exitCode = 1;
}
