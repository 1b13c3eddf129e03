import type { Cast } from './cast.js';

const EVERY_MS = 50;
/** An ack, or the push of what was acked, that takes longer is not normal; on a machine that does other work as well. */
const LATE_MS = 1000;

/**
 * Looks all the time whether everything is well, as users see it: every device is connected and caught up, no send waits long,
 * and what was acked a moment ago has reached all devices of the members.
 */
export class HealthWatch {
  /** When it was last not well, as of `performance.now()`. */
  illAt = performance.now();
  /** What it was then. */
  symptom = '';
  private readonly timer = setInterval(() => this.look(), EVERY_MS);
  private readonly due = new Map<string, number>();
  private readonly looked = new Map<string, number>();

  constructor(private readonly cast: Cast) {}

  stop(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const symptom = this.symptomOf(performance.now());
    if (symptom === undefined) return;
    this.illAt = performance.now();
    this.symptom = symptom;
  }

  private symptomOf(now: number): string | undefined {
    this.noteAcked(now - LATE_MS);
    for (const device of this.cast.devices) {
      if (!device.isCaughtUp) return `${device.name} is not caught up`;
      if (now - (device.outbox.waitingSince ?? now) > LATE_MS) return `a send of ${device.name} waits`;
      for (const conversationId of this.cast.conversationsOf.get(device.userId) ?? []) {
        const due = this.due.get(conversationId) ?? 0;
        if (device.replica(conversationId).lastSeq < due)
          return `${device.name} has not seen ${due} of ${conversationId}`;
      }
    }
    return undefined;
  }

  /** Up to which seq everybody has to have seen each conversation. */
  private noteAcked(before: number): void {
    for (const { name, outbox } of this.cast.devices) {
      let at = this.looked.get(name) ?? 0;
      // In order of sending; one that waits holds up those after it, which is counted as waiting.
      for (let entry = outbox.all[at]; entry !== undefined && entry.ackedAt <= before; entry = outbox.all[++at])
        this.due.set(entry.conversationId, Math.max(this.due.get(entry.conversationId) ?? 0, entry.sent?.seq ?? 0));
      this.looked.set(name, at);
    }
  }
}
