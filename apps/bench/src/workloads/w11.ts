import { setTimeout as sleep } from 'node:timers/promises';
import type { ParleyServer } from '@parley/testing';
import type { Bench } from '../bench.js';
import type { BenchOptions } from '../options.js';
import { type MeasuredRun, measuredRun } from './measured-run.js';

const RATE = 1500;
const SECONDS = 30;
const KILL_AT_MS = 8000;
const DOWN_MS = 1000;
const LIMIT_MS = 100;
const HALF_SECOND_MS = 500;

export interface FaultRun {
  fault: string;
  run: MeasuredRun;
  /** From the kill until acks had a p99 within 100 ms again, for good. Undefined: not within the run. */
  backInLimitMs: number | undefined;
}

/** What a `kill -9` costs those who chat: the process is started again a second later. */
export async function w11(bench: Bench, options: BenchOptions, say: (line: string) => void): Promise<FaultRun[]> {
  const results: FaultRun[] = [];
  for (const { fault, victim } of victimsOf(bench)) {
    const running = measuredRun(bench, options.rates[0] ?? RATE, SECONDS, true);
    await sleep(KILL_AT_MS);
    await victim.kill();
    await sleep(DOWN_MS);
    await victim.start();
    const run = await running;
    const backInLimitMs = healed(run.ackP99ByHalfSecond);
    results.push({ fault, run, backInLimitMs });
    say(`${fault}: back in limit after ${backInLimitMs ?? 'more than the run'} ms, ${JSON.stringify(run.found)}`);
    // The one that was killed must not be missing when the next one is.
    await bench.deployment.cluster?.acquainted();
  }
  return results;
}

function victimsOf({ deployment }: Bench): { fault: string; victim: Pick<ParleyServer, 'kill' | 'start'> }[] {
  const { cluster, server } = deployment;
  if (server !== undefined) return [{ fault: 'kill -9 of the server', victim: server }];
  const names = ['api-gateway-1', 'message-1', 'delivery-1', 'presence-1'] as const;
  return names.flatMap((name) =>
    cluster === undefined ? [] : [{ fault: `kill -9 of ${name}`, victim: cluster.process(name) }],
  );
}

function healed(p99s: readonly number[]): number | undefined {
  const lastBad = p99s.findLastIndex((p99) => p99 > LIMIT_MS);
  if (lastBad === p99s.length - 1) return undefined;
  return Math.max(0, (lastBad + 1) * HALF_SECOND_MS - KILL_AT_MS);
}
