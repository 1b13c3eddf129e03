export interface Findings {
  lost: number;
  duplicate: number;
  outOfOrder: number;
  gaps: number;
  /** Acks whose seq is not the seq of the event with that clientMsgId. */
  ackMismatch: number;
}

export const clean = (found: Findings): boolean => Object.values(found).every((count) => count === 0);

/** What one device saw of one conversation: seqs have to come as n, n + 1, n + 2 … */
export class SeqWatch {
  duplicate = 0;
  outOfOrder = 0;
  gaps = 0;
  private last = -1;

  saw(seq: number): void {
    if (this.last >= 0) {
      if (seq === this.last) this.duplicate++;
      else if (seq < this.last) this.outOfOrder++;
      else this.gaps += seq - this.last - 1;
    }
    if (seq > this.last) this.last = seq;
  }
}

/** Holds each send against its ack and its arrival at the other side. Message `i` is one index in all arrays. */
export class SendBook {
  readonly intendedAt: Float64Array;
  private readonly ackedSeq: Float64Array;
  private readonly arrivedSeq: Float64Array;
  private arrivedTwice = 0;
  acked = 0;
  arrived = 0;

  constructor(size: number) {
    this.intendedAt = new Float64Array(size);
    this.ackedSeq = new Float64Array(size);
    this.arrivedSeq = new Float64Array(size);
  }

  /** False when this send was acked before. */
  ack(index: number, seq: number): boolean {
    if (this.ackedSeq[index] !== 0) return false;
    this.ackedSeq[index] = seq;
    this.acked++;
    return true;
  }

  arrive(index: number, seq: number): boolean {
    if (this.arrivedSeq[index] !== 0) {
      this.arrivedTwice++;
      return false;
    }
    this.arrivedSeq[index] = seq;
    this.arrived++;
    return true;
  }

  get missing(): number {
    let missing = 0;
    for (let i = 0; i < this.ackedSeq.length; i++) if (this.ackedSeq[i] !== 0 && this.arrivedSeq[i] === 0) missing++;
    return missing;
  }

  findings(watches: Iterable<SeqWatch>): Findings {
    let ackMismatch = 0;
    for (let i = 0; i < this.ackedSeq.length; i++) {
      if (this.ackedSeq[i] !== 0 && this.arrivedSeq[i] !== 0 && this.ackedSeq[i] !== this.arrivedSeq[i]) ackMismatch++;
    }
    const found = { lost: this.missing, duplicate: this.arrivedTwice, outOfOrder: 0, gaps: 0, ackMismatch };
    for (const watch of watches) {
      found.duplicate += watch.duplicate;
      found.outOfOrder += watch.outOfOrder;
      found.gaps += watch.gaps;
    }
    return found;
  }
}
