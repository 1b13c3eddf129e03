import type { Bench } from '../bench.js';
import type { RunReport } from '../load/one-to-one.js';
import { costOf, machineTime, withPeakMemory } from '../machine/process-cost.js';

export interface MeasuredRun extends RunReport {
  serverMicrosPerMessage: number;
  generatorMicrosPerMessage: number;
  rssPeakMiB: number;
  /** What neither server nor generator used: with much of it, latencies and highest rates say little. */
  othersPercent: number;
}

const TEXT_BYTES = 200;
const WARMUP_SECONDS = 1;

let runs = 0;

/** One run at a fixed rate, with what it cost the server. `seconds` counts after the warm-up. */
export async function measuredRun(bench: Bench, rate: number, seconds: number): Promise<MeasuredRun> {
  const { pid } = bench.server;
  const before = costOf(pid).cpuMs;
  const machineBefore = machineTime();
  const { result, peakMiB } = await withPeakMemory(pid, () =>
    bench.generator.run({
      rate,
      seconds: seconds + WARMUP_SECONDS,
      warmupSeconds: WARMUP_SECONDS,
      textBytes: TEXT_BYTES,
      nonce: `${Date.now().toString(36)}${++runs}`,
    }),
  );
  const cpuMs = costOf(pid).cpuMs - before;
  const machine = machineTime();
  const othersMs = machine.busyMs - machineBefore.busyMs - cpuMs - result.generatorCpuMs;
  return {
    ...result,
    serverMicrosPerMessage: (cpuMs * 1000) / result.acked,
    generatorMicrosPerMessage: (result.generatorCpuMs * 1000) / result.sent,
    rssPeakMiB: peakMiB,
    othersPercent: Math.max(0, (othersMs * 100) / (machine.totalMs - machineBefore.totalMs)),
  };
}
