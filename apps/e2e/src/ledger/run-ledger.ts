import { setTimeout as sleep } from 'node:timers/promises';
import type { ParleyServer } from '@parley/testing';
import { audit } from './audit.js';
import { castOf } from './cast.js';
import { Random } from './random.js';
import { ackedIn, converged, entriesOf, repeatSome, Traffic } from './traffic.js';

export interface LedgerOptions {
  seed: number;
  kills: number;
  users: number;
  devicesEach: number;
  /** Of all devices together. */
  sendsPerSecond: number;
  say: (line: string) => void;
}

export interface LedgerReport {
  seed: number;
  kills: number;
  sends: number;
  acked: number;
  retried: number;
  repeatsAnswered: number;
  repeatsPushed: number;
  syncs: number;
  conversations: number;
  events: number;
  messages: number;
  /** From the last start of the server until every device was caught up and every send acked. */
  convergedMs: number;
  refusals: Record<string, number>;
  violations: string[];
}

const CONVERGED_WITHIN_MS = 30_000;
const REPEATS_AT_END = 40;
const BURST = 60;

/** Sends while the server is killed again and again, then compares what everybody was told with what is stored. */
export async function runLedger(server: ParleyServer, options: LedgerOptions): Promise<LedgerReport> {
  const { seed, kills, say } = options;
  const cast = await castOf(server, options);
  const random = new Random(seed);
  const traffic = new Traffic(cast, new Random(seed + 1), options.sendsPerSecond, `l${seed.toString(36)}`);
  try {
    traffic.start();
    for (let kill = 1; kill <= kills; kill++) {
      await sleep(random.between(300, 1800));
      // The moment that matters is between commit and ack: make sure that some sends are there.
      traffic.burst(BURST);
      await sleep(random.between(0, 12));
      await server.kill();
      await sleep(random.between(0, 400));
      await server.start();
      say(`kill ${kill} of ${kills}: ${traffic.sends} sends, ${ackedIn(cast)} acked`);
    }
    const restartedAt = performance.now();
    await sleep(500);
    traffic.stop();
    const settled = await converged(cast, CONVERGED_WITHIN_MS);
    const convergedMs = performance.now() - restartedAt;
    const repeats = await repeatSome(cast, random, REPEATS_AT_END);
    const found = await audit(cast);
    const refusals: Record<string, number> = {};
    for (const device of cast.devices)
      for (const [code, count] of device.refusals) refusals[code] = (refusals[code] ?? 0) + count;
    return {
      seed,
      kills,
      sends: traffic.sends,
      acked: ackedIn(cast),
      retried: entriesOf(cast).filter((entry) => entry.attempts > 1).length,
      repeatsAnswered: repeats,
      syncs: cast.devices.reduce((sum, device) => sum + device.syncs, 0),
      conversations: cast.readerOf.size,
      convergedMs: Math.round(convergedMs),
      refusals,
      ...found,
      violations: [...(settled ? [] : [`not converged within ${CONVERGED_WITHIN_MS} ms`]), ...found.violations],
    };
  } finally {
    traffic.stop();
    for (const device of cast.devices) device.close();
  }
}
