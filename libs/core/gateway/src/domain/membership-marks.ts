/** Longer than delivery keeps anything that it could not hand over, by far. */
const LIFE_MS = 10 * 60_000;
const MAX_MARKS = 200_000;
const NOBODY: readonly string[] = [];

interface Mark {
  seq: number;
  at: number;
}

/** Marks of one conversation, oldest first. */
interface Marked {
  users: Map<string, Mark>;
  /** The newest of them: what was addressed after it needs no closer look. */
  newest: number;
}

/**
 * At which event of a conversation's log users went out of it, or came back, lately. RULE (G12): an event that was addressed by a list
 * of members from before that reaches them no more, however late it comes and whoever sends it: a delivery that was stopped, one
 * that lost the conversation to another, a repeat after a silence. It rests on seqs alone, on no clock and no order of arrival.
 */
export class MembershipMarks {
  private readonly marked = new Map<string, Marked>();
  private count = 0;

  constructor(private readonly elapsed: () => number) {}

  get size(): number {
    return this.count;
  }

  /** Answers those of whom this was not known yet. */
  gone(conversationId: string, userIds: readonly string[], seq: number): string[] {
    this.forgetOld();
    return userIds.filter((userId) => this.put(conversationId, userId, seq));
  }

  /** They are members again. Only who went lately is marked: everybody else has nothing old to fear. */
  joined(conversationId: string, userIds: readonly string[], seq: number): void {
    const users = this.marked.get(conversationId)?.users;
    if (users === undefined) return;
    for (const userId of userIds) if (users.has(userId)) this.put(conversationId, userId, seq);
  }

  /** Who came or went after the event `seq`. Asked for every frame. */
  changedAfter(conversationId: string, seq: number): readonly string[] {
    if (this.count === 0) return NOBODY;
    const marked = this.marked.get(conversationId);
    if (marked === undefined || marked.newest <= seq) return NOBODY;
    return [...marked.users].flatMap(([userId, mark]) => (mark.seq > seq ? [userId] : []));
  }

  private put(conversationId: string, userId: string, seq: number): boolean {
    let marked = this.marked.get(conversationId);
    if (marked === undefined) this.marked.set(conversationId, (marked = { users: new Map(), newest: 0 }));
    const before = marked.users.get(userId);
    if (before !== undefined && before.seq >= seq) return false;
    // In order of age: of the users in a conversation, and of the conversations.
    if (marked.users.delete(userId)) this.count -= 1;
    marked.users.set(userId, { seq, at: this.elapsed() });
    marked.newest = Math.max(marked.newest, seq);
    this.marked.delete(conversationId);
    this.marked.set(conversationId, marked);
    this.count += 1;
    return true;
  }

  private forgetOld(): void {
    const before = this.elapsed() - LIFE_MS;
    for (const [conversationId, { users }] of this.marked) {
      for (const [userId, { at }] of users) {
        if (at >= before && this.count < MAX_MARKS) break;
        users.delete(userId);
        this.count -= 1;
      }
      if (users.size > 0) break;
      this.marked.delete(conversationId);
    }
  }
}
