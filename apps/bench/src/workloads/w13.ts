import { Bench } from '../bench.js';
import type { BenchOptions } from '../options.js';
import { runLine } from '../report.js';
import { type MeasuredRun, measuredRun } from './measured-run.js';

const RATE = 2000;

export interface ScaleResult {
  one: MeasuredRun;
  two: MeasuredRun;
  /** Cost per message with two gateways and two deliveries over the cost with one of each. */
  ratio: number;
}

/** What a second gateway and a second delivery cost: the same load, once with one of each and once with two. */
export async function w13(options: BenchOptions, say: (line: string) => void): Promise<ScaleResult> {
  const measure = async (count: number): Promise<MeasuredRun> => {
    const replicas = { ...options.replicas, 'api-gateway': count, delivery: count };
    const bench = await Bench.open({ ...options, profile: 'distributed', replicas }, say);
    try {
      const run = await measuredRun(bench, options.rates[0] ?? RATE, options.seconds);
      say(runLine(`${count} + ${count}`, run));
      return run;
    } finally {
      await bench.close();
    }
  };
  const one = await measure(1);
  const two = await measure(2);
  return { one, two, ratio: two.serverMicrosPerMessage / one.serverMicrosPerMessage };
}
