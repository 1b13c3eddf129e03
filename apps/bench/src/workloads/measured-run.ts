import type { Bench } from '../bench.js';
import type { RunReport } from '../load/one-to-one.js';
import { type Cost, machineTime, withPeakMemory } from '../machine/process-cost.js';

export interface MeasuredRun extends RunReport {
  /** All processes of the product together, its engines included. */
  serverMicrosPerMessage: number;
  /** The same by part. */
  microsByPart: Record<string, number>;
  generatorMicrosPerMessage: number;
  rssPeakMiB: number;
  /** What neither server nor generator used: with much of it, latencies and highest rates say little. */
  othersPercent: number;
}

const TEXT_BYTES = 200;
const WARMUP_SECONDS = 1;

let runs = 0;

/** One run at a fixed rate, with what it cost the server. `seconds` counts after the warm-up. */
export async function measuredRun(
  bench: Bench,
  rate: number,
  seconds: number,
  resilient = false,
): Promise<MeasuredRun> {
  const before = bench.deployment.costs();
  const machineBefore = machineTime();
  const { result, peakMiB } = await withPeakMemory(
    () => memoryOf(bench.deployment.costs()),
    () =>
      bench.generator.run({
        rate,
        seconds: seconds + WARMUP_SECONDS,
        warmupSeconds: WARMUP_SECONDS,
        textBytes: TEXT_BYTES,
        resilient,
        nonce: `${Date.now().toString(36)}${++runs}`,
      }),
  );
  const byPart = spent(before, bench.deployment.costs());
  const cpuMs = Object.values(byPart).reduce((sum, ms) => sum + ms, 0);
  const machine = machineTime();
  const othersMs = machine.busyMs - machineBefore.busyMs - cpuMs - result.generatorCpuMs;
  return {
    ...result,
    serverMicrosPerMessage: (cpuMs * 1000) / result.acked,
    microsByPart: Object.fromEntries(Object.entries(byPart).map(([part, ms]) => [part, (ms * 1000) / result.acked])),
    generatorMicrosPerMessage: (result.generatorCpuMs * 1000) / result.sent,
    rssPeakMiB: peakMiB,
    othersPercent: Math.max(0, (othersMs * 100) / (machine.totalMs - machineBefore.totalMs)),
  };
}

type Costs = ReadonlyMap<string, Cost>;

const memoryOf = (costs: Costs) => [...costs.values()].reduce((sum, { rssMiB }) => sum + rssMiB, 0);

const spent = (before: Costs, after: Costs): Record<string, number> =>
  Object.fromEntries(
    [...after].map(([part, { cpuMs }]) => [part, Math.max(0, cpuMs - (before.get(part)?.cpuMs ?? 0))]),
  );
