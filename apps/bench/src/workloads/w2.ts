import type { Bench } from '../bench.js';
import type { BenchOptions } from '../options.js';
import { runLine } from '../report.js';
import { type MeasuredRun, measuredRun } from './measured-run.js';

export const FIXED_RATES = [2000, 5000];

/** What one message costs at fixed rates. */
export async function w2(bench: Bench, options: BenchOptions, say: (line: string) => void): Promise<MeasuredRun[]> {
  const runs: MeasuredRun[] = [];
  for (const rate of options.rates.length > 0 ? options.rates : FIXED_RATES) {
    const run = await measuredRun(bench, rate, options.seconds);
    runs.push(run);
    say(runLine('w2  ', run));
  }
  return runs;
}
