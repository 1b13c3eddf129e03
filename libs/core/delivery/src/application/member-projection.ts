import type { Clock } from '@parley/kernel';
import { MemberList } from '../domain/member-list.js';
import type { MemberReader } from '../ports/member-reader.js';

/** How long a list may be used whose conversation's events do not come through this process: half of what a removal may take (G12). */
const UNSTREAMED_MS = 500;

export interface MemberProjectionLimits {
  /** Members held in memory over all conversations; the conversations used longest ago go first. */
  maxMembers: number;
}

/** Member lists of the conversations that are talked in now: read once, then kept by the events that are consumed. */
export class MemberProjection {
  /** In order of use, oldest first. */
  private readonly lists = new Map<string, MemberList>();
  private readonly reading = new Map<string, Promise<MemberList>>();
  /** Members of each list when it was read: near enough to bound memory. */
  private readonly weights = new Map<string, number>();
  private weight = 0;

  constructor(
    private readonly reader: MemberReader,
    private readonly clock: Clock,
    /** Are these too many members to reach one by one? */
    readonly isSubscribed: (memberCount: number) => boolean,
    private readonly limits: MemberProjectionLimits = { maxMembers: 1_000_000 },
  ) {}

  /** What is known already. Nothing while it is being read anew: changes made to the list of before would be lost with it. */
  known(conversationId: string): MemberList | undefined {
    if (this.reading.has(conversationId)) return undefined;
    const list = this.lists.get(conversationId);
    if (list !== undefined) {
      this.lists.delete(conversationId);
      this.lists.set(conversationId, list);
    }
    return list;
  }

  /** For pushes beside the log: a list that follows the events, or one read just now. */
  async current(conversationId: string): Promise<MemberList> {
    const list = this.known(conversationId);
    if (list !== undefined && (list.streamed || this.clock.now() - list.verifiedAt < UNSTREAMED_MS)) return list;
    return this.read(conversationId);
  }

  /** Forgets the lists of conversations whose events others may have consumed since: they do not follow them any more. */
  lost(isLost: (conversationId: string) => boolean): void {
    for (const conversationId of [...this.lists.keys()]) if (isLost(conversationId)) this.forget(conversationId);
  }

  /** Conversations whose members are held in memory. */
  get size(): number {
    return this.lists.size;
  }

  /** Reads anew. Callers that come meanwhile share the answer. */
  read(conversationId: string): Promise<MemberList> {
    let reading = this.reading.get(conversationId);
    if (reading === undefined) {
      reading = this.fill(conversationId).finally(() => this.reading.delete(conversationId));
      this.reading.set(conversationId, reading);
    }
    return reading;
  }

  private async fill(conversationId: string): Promise<MemberList> {
    // Before the question: what the answer shows is at least as new as this.
    const askedAt = this.clock.now();
    const { memberCount, members, headSeq } = await this.reader.read(conversationId, this.isSubscribed);
    const list = new MemberList(members, this.isSubscribed(memberCount), askedAt, headSeq);
    this.forget(conversationId);
    this.lists.set(conversationId, list);
    this.weights.set(conversationId, members.length + 1);
    this.weight += members.length + 1;
    for (const oldest of this.lists.keys()) {
      if (this.weight <= this.limits.maxMembers || oldest === conversationId) break;
      this.forget(oldest);
    }
    return list;
  }

  private forget(conversationId: string): void {
    this.weight -= this.weights.get(conversationId) ?? 0;
    this.weights.delete(conversationId);
    this.lists.delete(conversationId);
  }
}
