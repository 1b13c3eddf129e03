import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../bench.js';
import type { BenchOptions } from '../options.js';
import { runLine } from '../report.js';
import { type MeasuredRun, measuredRun } from './measured-run.js';

const P99_LIMIT_MS = 100;
const FIRST_RATE = 1000;
const STEP = 1.3;
const STEP_SECONDS = 4;
const HOLD_SECONDS = 10;
/** A server that is 3 % behind has a queue that grows. */
const KEEPS_UP = 0.97;

const passes = (run: MeasuredRun) =>
  run.ack.p99Ms <= P99_LIMIT_MS &&
  run.delivery.p99Ms <= P99_LIMIT_MS &&
  run.actualPerSecond >= run.offeredPerSecond * KEEPS_UP &&
  run.acked === run.sent;

export interface W1Result {
  /** The run that held; absent when not even the first rate did. */
  held: MeasuredRun | undefined;
  steps: MeasuredRun[];
}

/** The highest rate whose acks and deliveries both have a p99 within 100 ms: up in steps, then held. */
export async function w1(bench: Bench, options: BenchOptions, say: (line: string) => void): Promise<W1Result> {
  const steps: MeasuredRun[] = [];
  const attempt = async (rate: number, seconds: number) => {
    const run = await measuredRun(bench, Math.round(rate), seconds);
    steps.push(run);
    say(runLine(passes(run) ? 'ok  ' : 'over', run));
    if (!passes(run)) await sleep(2000);
    return run;
  };
  // Something else on the machine may spoil one try; a rate that is too high fails again.
  const holdsOnce = async (rate: number) =>
    passes(await attempt(rate, STEP_SECONDS)) || passes(await attempt(rate, STEP_SECONDS));
  let rate = options.rates[0] ?? FIRST_RATE;
  while (await holdsOnce(rate)) rate *= STEP;
  const holdSeconds = Math.max(HOLD_SECONDS, options.seconds);
  // From the rate that failed down in steps of a tenth: the first that holds is within a tenth of the highest.
  for (rate *= 0.9; rate >= FIRST_RATE / 4; rate *= 0.9) {
    if (!passes(await attempt(rate, STEP_SECONDS))) continue;
    const held = await attempt(rate, holdSeconds);
    if (passes(held)) return { held, steps };
  }
  return { held: undefined, steps };
}
