import type { EventsPush, LogEvent } from '../support/shapes.js';

/** What identifies an event in the comparison of devices. Contents of a recalled message may differ, this may not. */
export const identityOf = (event: LogEvent): string => `${event.type} ${event.data['messageId'] ?? ''}`;

/** One device's copy of one conversation's log, kept as a client keeps it: in order, without a gap, each event once. */
export class Replica {
  readonly identities: string[] = [];
  epoch: string | undefined;
  /** Repeats are allowed (at least once), as long as they repeat the same. */
  repeats = 0;
  readonly violations: string[] = [];

  constructor(readonly conversationId: string) {}

  get lastSeq(): number {
    return this.identities.length;
  }

  /** False when events are missing in between: the caller has to ask sync. */
  apply({ epoch, events }: EventsPush): boolean {
    if (this.epoch !== undefined && this.epoch !== epoch)
      this.violations.push(`${this.conversationId}: epoch changed from ${this.epoch} to ${epoch}`);
    this.epoch = epoch;
    for (const event of events) {
      const identity = identityOf(event);
      if (event.seq <= this.lastSeq) {
        this.repeats++;
        const known = this.identities[event.seq - 1];
        if (known !== identity)
          this.violations.push(`${this.conversationId}: seq ${event.seq} was "${known}", is "${identity}"`);
      } else if (event.seq === this.lastSeq + 1) {
        this.identities.push(identity);
      } else {
        return false;
      }
    }
    return true;
  }
}
