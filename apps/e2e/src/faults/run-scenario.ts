import { eventually } from '@parley/testing';
import { audit } from '../ledger/audit.js';
import { castOf } from '../ledger/cast.js';
import { HealthWatch } from '../ledger/health-watch.js';
import { Random } from '../ledger/random.js';
import { converged, entriesOf, repeatSome, Traffic } from '../ledger/traffic.js';
import { Exile } from './exile.js';
import { Leavers } from './leavers.js';
import { ProcessCheck } from './process-check.js';
import { pause, type Scenario } from './scenario.js';
import type { Scene, Stage } from './stage.js';

export interface Outcome {
  name: string;
  sends: number;
  acked: number;
  retried: number;
  removals: number;
  logouts: number;
  longestAckMs: number;
  /** From the begin until all was well although the fault lasted; undefined where it does not heal so. */
  healedWithoutMs: number | undefined;
  /** From its end until all was well. */
  healedMs: number;
  refusals: Record<string, number>;
  violations: string[];
}

export interface RunOptions {
  seed: number;
  isShort: boolean;
  say: (line: string) => void;
}

const SENDS_PER_SECOND = 60;
const BURST = 30;
const CONVERGED_WITHIN_MS = 30_000;
const RENEW_EVERY_MS = 400;

export async function runScenario(
  stage: Stage,
  scenario: Scenario,
  { seed, isShort, say }: RunOptions,
): Promise<Outcome> {
  const random = new Random(seed);
  const violations: string[] = [];
  const wellMs = isShort ? 1200 : 3000;
  const processes = new ProcessCheck(stage.cluster);
  const cast = await castOf(stage.server, { users: isShort ? 4 : 6, devicesEach: 2, edges: stage.edges });
  const exile = await Exile.join(stage.server, cast);
  const leavers = await Leavers.connect(stage.server, cast, isShort ? 2 : 8);
  const scene: Scene = { stage, cast, random, isShort };
  const rate = scenario.sendsPerSecond ?? SENDS_PER_SECOND;
  const traffic = new Traffic(cast, random, rate, `f${seed.toString(36)}`);
  const watch = new HealthWatch(cast);
  const renewing = setInterval(() => void random.pick(cast.devices).renew(), RENEW_EVERY_MS);
  const well = async (what: string, deadlineMs: number) => {
    const since = performance.now();
    const isWell = () => performance.now() - Math.max(since, watch.illAt) > wellMs;
    try {
      await eventually(what, isWell, { deadlineMs: deadlineMs + wellMs, everyMs: 50 });
    } catch {
      violations.push(`${what}: not within ${deadlineMs} ms: ${watch.symptom}`);
    }
  };
  try {
    traffic.start();
    await well('well before the fault', 15_000);
    exile.start();
    leavers.start();
    traffic.burst(BURST);
    const begunAt = performance.now();
    await scenario.begin(scene);
    let healedWithoutMs: number | undefined;
    if (scenario.healsByItselfMs !== undefined) {
      await well('well in spite of the fault', scenario.healsByItselfMs);
      healedWithoutMs = Math.max(0, watch.illAt - begunAt);
    }
    if (scenario.lastsMs !== undefined) await pause(Math.max(0, begunAt + scenario.lastsMs - performance.now()));
    await scenario.end?.(scene);
    const endedAt = performance.now();
    await well('well after the fault', scenario.healsWithinMs);
    const healedMs = Math.max(0, watch.illAt - endedAt);
    traffic.stop();
    clearInterval(renewing);
    await Promise.all([exile.stop(), leavers.stop()]);
    if (!(await converged(cast, CONVERGED_WITHIN_MS))) {
      violations.push(`not converged within ${CONVERGED_WITHIN_MS} ms`);
      for (const device of cast.devices) say(`    ${device.name}: ${device.state}`);
    }
    await repeatSome(cast, random, isShort ? 3 : 20);
    violations.push(...((await scenario.after?.(scene)) ?? []));
    const entries = entriesOf(cast);
    const madeAt = new Map(entries.map((entry) => [entry.clientMsgId, entry.madeAt]));
    const known = (clientMsgId: string) => madeAt.get(clientMsgId);
    violations.push(...(await audit(cast)).violations, ...exile.judge(known), ...leavers.judge(known));
    const acked = entries.filter((entry) => entry.sent);
    return {
      name: scenario.name,
      sends: entries.length,
      acked: acked.length,
      retried: entries.filter((entry) => entry.attempts > 1).length,
      removals: exile.removals,
      logouts: leavers.logouts,
      longestAckMs: Math.round(Math.max(0, ...acked.map((entry) => entry.ackedAt - entry.madeAt))),
      healedWithoutMs: healedWithoutMs === undefined ? undefined : Math.round(healedWithoutMs),
      healedMs: Math.round(healedMs),
      refusals: refusalsOf(cast.devices),
      violations,
    };
  } finally {
    traffic.stop();
    watch.stop();
    clearInterval(renewing);
    await Promise.all([exile.stop(), leavers.stop()]);
    for (const device of cast.devices) device.close();
    violations.push(...(await processes.findings(say)));
  }
}

function refusalsOf(devices: { refusals: Map<string, number> }[]): Record<string, number> {
  const all: Record<string, number> = {};
  for (const { refusals } of devices) for (const [code, count] of refusals) all[code] = (all[code] ?? 0) + count;
  return all;
}
