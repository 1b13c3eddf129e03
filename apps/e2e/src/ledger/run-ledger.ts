import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, type ParleyServer } from '@parley/testing';
import { audit } from './audit.js';
import { type Cast, castOf } from './cast.js';
import { Random } from './random.js';

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
  const cast = await castOf(server, options.users, options.devicesEach);
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
      say(`kill ${kill} of ${kills}: ${traffic.sends} sends, ${acked(cast)} acked`);
    }
    const restartedAt = performance.now();
    await sleep(500);
    traffic.stop();
    const settled = await converged(cast);
    const convergedMs = performance.now() - restartedAt;
    const repeats = await repeatSome(cast, random);
    const found = await audit(cast);
    const refusals: Record<string, number> = {};
    for (const device of cast.devices)
      for (const [code, count] of device.refusals) refusals[code] = (refusals[code] ?? 0) + count;
    return {
      seed,
      kills,
      sends: traffic.sends,
      acked: acked(cast),
      retried: cast.devices.flatMap((device) => device.outbox.all).filter((entry) => entry.attempts > 1).length,
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

const acked = (cast: Cast) =>
  cast.devices.reduce((sum, device) => sum + device.outbox.all.filter((entry) => entry.sent).length, 0);

class Traffic {
  sends = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly cast: Cast,
    private readonly random: Random,
    private readonly perSecond: number,
    private readonly prefix: string,
  ) {}

  start(): void {
    this.timer = setInterval(() => this.sendOne(), 1000 / this.perSecond);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  burst(count: number): void {
    for (let n = 0; n < count; n++) this.sendOne();
  }

  private sendOne(): void {
    const device = this.random.pick(this.cast.devices);
    // A client does not pile up sends without end while the server is away.
    if (device.outbox.waiting >= 20) return;
    const conversationId = this.random.pick(this.cast.conversationsOf.get(device.userId) as string[]);
    const number = ++this.sends;
    device.send(conversationId, `${this.prefix}-${number}`, `text ${number} of ${device.name}`);
    const old = this.random.pick(device.outbox.all);
    if (old.sent && this.random.chance(0.1)) void device.repeat(old);
  }
}

/** All sent, all caught up, and every device as far as its conversations go. */
async function converged(cast: Cast): Promise<boolean> {
  const heads = new Map<string, number>();
  const settled = async () => {
    if (cast.devices.some((device) => device.outbox.waiting > 0 || !device.isCaughtUp)) return false;
    for (const [conversationId, reader] of cast.readerOf)
      heads.set(conversationId, (await reader.conversation(conversationId)).headSeq);
    return cast.devices.every((device) =>
      (cast.conversationsOf.get(device.userId) as string[]).every(
        (conversationId) => device.replica(conversationId).lastSeq >= (heads.get(conversationId) as number),
      ),
    );
  };
  return eventually('convergence', settled, { deadlineMs: CONVERGED_WITHIN_MS, everyMs: 50 }).catch(() => false);
}

async function repeatSome(cast: Cast, random: Random): Promise<number> {
  let answered = 0;
  for (const device of cast.devices) {
    const done = device.outbox.all.filter((entry) => entry.sent);
    for (let n = 0; n < Math.min(REPEATS_AT_END, done.length); n++)
      if (await device.repeat(random.pick(done))) answered++;
  }
  return answered;
}
