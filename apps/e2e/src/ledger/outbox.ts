import type { Sent } from '../support/shapes.js';

/** One send of one device, from the decision to send until the end of the run. Times as of `performance.now()`. */
export interface Entry {
  readonly conversationId: string;
  readonly clientMsgId: string;
  readonly text: string;
  readonly madeAt: number;
  attempts: number;
  /** The connection on which it was last tried; with one attempt only, also the order of sending holds there. */
  connection: number;
  inFlight: boolean;
  sent: Sent | undefined;
  ackedAt: number;
}

const WINDOW = 4;

/** Sends wait here until they are acked; a new connection tries all of them again, in order, with the same ids. */
export class Outbox {
  readonly all: Entry[] = [];
  private firstWaiting = 0;

  add(conversationId: string, clientMsgId: string, text: string): void {
    const madeAt = performance.now();
    this.all.push({
      ...{ conversationId, clientMsgId, text, madeAt },
      ...{ attempts: 0, connection: 0, inFlight: false, sent: undefined, ackedAt: Infinity },
    });
  }

  acked(entry: Entry, sent: Sent): void {
    entry.sent = sent;
    entry.ackedAt = performance.now();
  }

  get waiting(): number {
    return this.all.slice(this.firstWaiting).filter((entry) => !entry.sent).length;
  }

  /** Since when the one that waits longest does. */
  get waitingSince(): number | undefined {
    return this.all.slice(this.firstWaiting).find((entry) => !entry.sent)?.madeAt;
  }

  /** What may be sent now. */
  *due(): Generator<Entry> {
    while (this.all[this.firstWaiting]?.sent) this.firstWaiting++;
    let inWindow = 0;
    for (let at = this.firstWaiting; at < this.all.length && inWindow < WINDOW; at++) {
      const entry = this.all[at] as Entry;
      if (entry.sent) continue;
      inWindow++;
      if (!entry.inFlight) yield entry;
    }
  }

  connectionLost(): void {
    for (const entry of this.all.slice(this.firstWaiting)) entry.inFlight = false;
  }
}
