const NOBODY: ReadonlySet<string> = new Set();

export interface MemberAt {
  userId: string;
  /** Seq of the event by which the user joined. */
  joinedSeq: number;
}

/**
 * The members of one conversation as the consumed events left them. It was read at some moment (`verifiedAt`), perhaps ahead of the
 * events that are consumed now: who had joined by then but not by the event at hand is `late` and does not get the event.
 */
export class MemberList {
  /** Replaced, never changed: deliveries that were built from it keep what they saw. */
  userIds: readonly string[];
  private readonly late: Map<string, number>;
  /** Seq of the join of each of them, in their order; and the newest that there was. */
  private joins: number[];
  private newestJoin: number;
  private epoch = '';
  private deliveredSeq = 0;
  /** A change was not believed: before the next event the list has to be read again. */
  doubted = false;
  /** Events of this conversation come through this process, so the list follows them. */
  streamed = false;

  constructor(
    members: readonly MemberAt[],
    /** Too many members to reach one by one; the list is empty then. */
    public subscribed: boolean,
    readonly verifiedAt: number,
    private seq = 0,
  ) {
    this.userIds = members.map((member) => member.userId);
    this.joins = members.map((member) => member.joinedSeq);
    this.newestJoin = this.joins.reduce((newest, seq) => Math.max(newest, seq), 0);
    this.late = new Map(members.filter(({ joinedSeq }) => joinedSeq > 0).map((at) => [at.userId, at.joinedSeq]));
  }

  /** Who gets an event with this seq. The same array as long as nothing changes. */
  recipientsAt(seq: number): readonly string[] {
    this.streamed = true;
    if (this.late.size === 0) return this.userIds;
    for (const [userId, joinedSeq] of this.late) if (joinedSeq <= seq) this.late.delete(userId);
    return this.late.size === 0 ? this.userIds : this.userIds.filter((userId) => !this.late.has(userId));
  }

  /** The list holds all changes up to this event, at least. */
  get asOf(): number {
    return this.seq;
  }

  /** ORDER: after the changes of the events up to it. */
  follow(seq: number): void {
    if (seq > this.seq) this.seq = seq;
  }

  has(userId: string): boolean {
    return this.userIds.includes(userId);
  }

  /**
   * Does it hold what happened at that time, and perhaps what came after? Then changes of that time are not applied: after a lag, somebody
   * whose joining is only consumed now may be removed again, and that acked (G12).
   */
  isReadAfter(at: number): boolean {
    return !this.subscribed && at < this.verifiedAt;
  }

  /** Of those who joined by an event with this seq, before the list was read: who still is a member. */
  confirmed(joined: readonly string[], seq: number): string[] {
    const present = joined.length === 0 ? [] : this.recipientsAt(seq);
    const confirmed = joined.filter((userId) => present.includes(userId));
    // Clocks differ, and a commit takes its time: a join that is not in the list may also be newer than the list.
    if (confirmed.length < joined.length) this.doubted = true;
    return confirmed;
  }

  /** ORDER: called with each record's changes, in the order of the log. Both are idempotent. */
  change(joined: readonly string[], gone: readonly string[], joinSeqOf: (userId: string) => number): void {
    for (const userId of [...joined, ...gone]) this.late.delete(userId);
    if (this.subscribed) return;
    const left = new Set([...gone, ...joined]);
    const joins = [...this.joins.filter((_, at) => !left.has(this.userIds[at] as string)), ...joined.map(joinSeqOf)];
    this.userIds = [...this.userIds.filter((userId) => !left.has(userId)), ...joined];
    this.joins = joins;
    this.newestJoin = joins.slice(joins.length - joined.length).reduce((a, b) => Math.max(a, b), this.newestJoin);
  }

  /** Who joined after the event with this seq: they may not learn what it said. */
  joinedAfter(seq: number): ReadonlySet<string> {
    if (this.newestJoin <= seq) return NOBODY;
    return new Set(this.userIds.filter((_, at) => (this.joins[at] as number) > seq));
  }

  becomeSubscribed(): void {
    this.subscribed = true;
    this.userIds = [];
    this.joins = [];
    this.late.clear();
  }

  /** The last event that was consumed, for the one that comes next to be compared with; 0 when none was. */
  lastSeq(epoch: string): number {
    return epoch === this.epoch ? this.deliveredSeq : 0;
  }

  /** DEDUPE: an optimisation of one process; clients drop repeats by seq. */
  isDelivered(epoch: string, seq: number): boolean {
    return epoch === this.epoch && seq <= this.deliveredSeq;
  }

  delivered(epoch: string, seq: number): void {
    this.deliveredSeq = epoch === this.epoch ? Math.max(seq, this.deliveredSeq) : seq;
    this.epoch = epoch;
  }
}
