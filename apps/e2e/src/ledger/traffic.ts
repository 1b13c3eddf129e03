import { eventually } from '@parley/testing';
import type { Cast } from './cast.js';
import type { Entry } from './outbox.js';
import type { Random } from './random.js';

const MOST_WAITING = 20;
const REPEATS = 0.1;

/** Everybody writes into all their conversations, at one rate altogether, and sometimes sends again what was acked before. */
export class Traffic {
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
    if (device.outbox.waiting >= MOST_WAITING) return;
    const conversationId = this.random.pick(this.cast.conversationsOf.get(device.userId) as string[]);
    const number = ++this.sends;
    device.send(conversationId, `${this.prefix}-${number}`, `text ${number} of ${device.name}`);
    const old = this.random.pick(device.outbox.all);
    if (old.sent && this.random.chance(REPEATS)) void device.repeat(old);
  }
}

export const entriesOf = (cast: Cast): Entry[] => cast.devices.flatMap((device) => device.outbox.all);

export const ackedIn = (cast: Cast): number => entriesOf(cast).filter((entry) => entry.sent).length;

/** All sent, all caught up, and every device as far as its conversations go. */
export async function converged(cast: Cast, deadlineMs: number): Promise<boolean> {
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
  return eventually('convergence', settled, { deadlineMs, everyMs: 50 }).catch(() => false);
}

/** Repeats at the end, of any age. Answers how many were answered. */
export async function repeatSome(cast: Cast, random: Random, each: number): Promise<number> {
  let answered = 0;
  for (const device of cast.devices) {
    const done = device.outbox.all.filter((entry) => entry.sent);
    for (let n = 0; n < Math.min(each, done.length); n++) if (await device.repeat(random.pick(done))) answered++;
  }
  return answered;
}
